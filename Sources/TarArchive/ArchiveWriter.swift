import CArchive
import Glibc

/// Writes a tar archive with gzip compression. It has its name only once it is whole and on the disk.
public final class ArchiveWriter {
    private let path: String
    private let temporary: String
    private let handle: OpaquePointer
    private var descriptor: Int32
    private var isDone = false

    /// - Parameter path: Where it will be. The folder has to be there.
    /// - Throws: `ArchiveError`.
    public init(_ path: String) throws(ArchiveError) {
        self.path = path
        temporary = path + ".part"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path, Self.words(errno)) }
        guard let handle = archive_write_new() else {
            close(descriptor)
            throw .unwritable(path, "there is no memory")
        }
        self.handle = handle
        // Names stay the bytes that they are, whatever the locale.
        archive_write_set_format_gnutar(handle)
        archive_write_add_filter_gzip(handle)
        guard archive_write_open_fd(handle, descriptor) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_write_free(handle)
        if descriptor >= 0 { close(descriptor) }
        if !isDone { unlink(temporary) }
    }

    /// Begins an entry; `write` gives its bytes.
    public func begin(_ entry: ArchiveEntry) throws(ArchiveError) {
        guard let record = archive_entry_new() else { throw .unwritable(path, "there is no memory") }
        defer { archive_entry_free(record) }
        archive_entry_set_pathname(record, entry.name)
        archive_entry_set_filetype(record, entry.isFolder ? carchive_folder : carchive_regular)
        archive_entry_set_size(record, Int64(entry.size))
        archive_entry_set_perm(record, entry.mode)
        archive_entry_set_uid(record, Int64(entry.user))
        archive_entry_set_gid(record, Int64(entry.group))
        archive_entry_set_mtime(record, entry.modified, 0)
        guard archive_write_header(handle, record) == ARCHIVE_OK else { throw failure() }
    }

    /// - Parameter bytes: The next of the entry that was begun.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = archive_write_data(handle, start, rest.count)
            // What is over the size that was told is not taken, and 0 is the answer.
            guard count > 0 else { throw failure() }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// A small file at once.
    public func add(_ entry: ArchiveEntry, _ bytes: [UInt8]) throws(ArchiveError) {
        var entry = entry
        entry.size = bytes.count
        try begin(entry)
        do { try bytes.withUnsafeBytes { try write($0) } } catch let error as ArchiveError { throw error } catch {
            throw .unwritable(path, "\(error)")
        }
    }

    /// Ends the archive, waits until it is on the disk, and gives it its name.
    public func finish() throws(ArchiveError) {
        guard archive_write_close(handle) == ARCHIVE_OK else { throw failure() }
        guard fsync(descriptor) == 0 else { throw .unwritable(path, Self.words(errno)) }
        close(descriptor)
        descriptor = -1
        guard rename(temporary, path) == 0 else { throw .unwritable(path, Self.words(errno)) }
        isDone = true
        let folder = open(
            path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/" : ".",
            O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func failure() -> ArchiveError {
        let code = archive_errno(handle)
        if code > 0 { return .unwritable(path, Self.words(code)) }
        return .unwritable(
            path, archive_error_string(handle).map { String(cString: $0) } ?? "an entry is not as it was told")
    }

    static func words(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "no space is left"
        case ENOENT: "there is no such file or folder"
        case EACCES, EPERM: "permission denied"
        case EROFS: "the file system is read-only"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}
