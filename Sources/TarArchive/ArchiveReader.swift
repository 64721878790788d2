import CArchive
import Glibc

/// Reads a tar archive from somebody else: what could leave the folder that it is unpacked into, stand for something else, or
/// fill the disk is refused.
public final class ArchiveReader {
    private let path: String
    private let limits: ArchiveLimits
    private let handle: OpaquePointer
    private let archiveSize: Int
    private var names: Set<String> = []
    private var bytes = 0
    private var entry: ArchiveEntry?
    private var read = 0

    private static let blockSize = 128 << 10

    /// - Throws: `ArchiveError`.
    public init(_ path: String, limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) {
        self.path = path
        self.limits = limits
        var information = stat()
        guard stat(path, &information) == 0 else { throw .unreadable(path, ArchiveWriter.words(errno)) }
        guard information.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path, "it is no file") }
        archiveSize = information.st_size
        guard let handle = archive_read_new() else { throw .unreadable(path, "there is no memory") }
        self.handle = handle
        archive_read_support_format_tar(handle)
        archive_read_support_filter_gzip(handle)
        guard archive_read_open_filename(handle, path, Self.blockSize) == ARCHIVE_OK else {
            let code = archive_errno(handle)
            let error: ArchiveError =
                code == EACCES || code == ENOENT
                ? .unreadable(path, ArchiveWriter.words(code))
                : .damaged(path, "it is no tar archive with gzip compression")
            throw error
        }
    }

    deinit { archive_read_free(handle) }

    /// The next entry; nil at the end.
    /// - Throws: `ArchiveError`.
    public func next() throws(ArchiveError) -> ArchiveEntry? {
        try finishEntry()
        var record: OpaquePointer?
        switch archive_read_next_header(handle, &record) {
        case ARCHIVE_EOF:
            // An archive that was cut between entries lacks the end of its compression.
            guard archive_filter_bytes(handle, -1) >= 0, !names.isEmpty else { throw .damaged(path, "it is empty") }
            return nil
        case ARCHIVE_OK: break
        default: throw damage()
        }
        guard let record else { throw damage() }
        guard let text = archive_entry_pathname(record) else {
            throw .refused(path, "?", "is a name that cannot be read")
        }
        var name = String(cString: text)
        let kind = archive_entry_filetype(record)
        let isFolder = kind == carchive_folder
        if isFolder, name.hasSuffix("/") { name.removeLast() }
        if archive_entry_hardlink(record) != nil || archive_entry_symlink(record) != nil || kind == carchive_link {
            throw .refused(path, name, "is a link")
        }
        guard isFolder || kind == carchive_regular else { throw .refused(path, name, "is neither a file nor a folder") }
        try check(name)
        let found = ArchiveEntry(
            name: name, isFolder: isFolder, size: isFolder ? 0 : Int(archive_entry_size(record)),
            mode: UInt32(archive_entry_perm(record)) & 0o777, user: Int(archive_entry_uid(record)),
            group: Int(archive_entry_gid(record)), modified: archive_entry_mtime(record))
        guard found.size >= 0, names.count <= limits.entries else {
            throw .refused(path, name, "is one entry too many")
        }
        entry = found
        read = 0
        return found
    }

    private func check(_ name: String) throws(ArchiveError) {
        guard !name.isEmpty, name.utf8.count <= limits.nameLength,
            !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x5C })
        else { throw .refused(path, name, "is a name that no file may have") }
        guard !name.hasPrefix("/") else { throw .refused(path, name, "is an absolute path") }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0 == ".." || $0 == "." || $0.isEmpty }) else {
            throw .refused(path, name, "leads out of its folder, or to a place that is not plain")
        }
        guard names.insert(name).inserted else { throw .refused(path, name, "is there twice") }
    }

    /// The bytes of the entry that `next` gave, piece by piece, to its end.
    /// - Throws: `ArchiveError`, and what `body` throws.
    public func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let entry, !entry.isFolder else { return }
        try withUnsafeTemporaryAllocation(byteCount: Self.blockSize, alignment: 16) { buffer in
            while true {
                let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
                if count == 0 { break }
                guard count > 0 else { throw damage() }
                read += count
                bytes += count
                guard bytes <= limits.bytes else { throw ArchiveError.refused(path, entry.name, "makes it too large") }
                guard bytes <= limits.bytesWithoutRatio || Double(bytes) <= limits.ratio * Double(archiveSize) else {
                    throw ArchiveError.refused(path, entry.name, "grows beyond what such a file can hold")
                }
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        guard read == entry.size else { throw ArchiveError.damaged(path, "'\(entry.name)' is cut off") }
    }

    /// What nobody read is read as well, so that limits and damage are seen.
    private func finishEntry() throws(ArchiveError) {
        guard let entry, !entry.isFolder, read < entry.size else { return self.entry = nil }
        do { try read { _ in } } catch let error as ArchiveError { throw error } catch {
            throw .damaged(path, "\(error)")
        }
        self.entry = nil
    }

    private func damage() -> ArchiveError {
        let text = archive_error_string(handle).map { String(cString: $0).lowercased() } ?? "it ends too early"
        return .damaged(path, names.isEmpty ? "it is no tar archive with gzip compression" : text)
    }
}
