import Glibc

/// A file that is either the old one or the new one, whatever happens while it is written.
enum AtomicFile {
    /// Writes a temporary file beside `path`, waits until it is on the disk, and gives it the name.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(SessionError) {
        let temporary = path + ".tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SessionError.unwritable(path, errno) }
        let isWritten = Array(bytes).withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        var failure: Int32? = isWritten && fsync(file) == 0 ? nil : errno
        close(file)
        if failure == nil, rename(temporary, path) != 0 { failure = errno }
        if let failure {
            unlink(temporary)
            throw SessionError.unwritable(path, failure)
        }
        syncFolder(of: path)
    }

    /// A new name is on the disk only when its folder is.
    static func syncFolder(of path: String) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = open(String(path[..<end]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
