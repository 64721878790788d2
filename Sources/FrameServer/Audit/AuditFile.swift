import Glibc

/// A file that only grows, opened anew where it was moved away.
struct AuditFile: Sendable {
    private var descriptor: Int32
    private var device: UInt64
    private var inode: UInt64
    /// When it was last said that the file cannot be written, ns.
    var reportedAt: UInt64?

    /// Nil where the file cannot be opened or made; errno says why.
    init?(_ path: String) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            return nil
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Adds bytes at the end; false where not all of them could be written, which errno says more of.
    mutating func append(_ bytes: UnsafeRawBufferPointer, path: String) -> Bool {
        if hasMoved(path), var opened = AuditFile(path) {
            end()
            opened.reportedAt = reportedAt
            self = opened
        }
        return write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
    }

    func end() { _ = close(descriptor) }

    private func hasMoved(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return true }
        return UInt64(status.st_dev) != device || UInt64(status.st_ino) != inode
    }
}
