import Glibc
import TarArchive

/// A file that comes out of a backup: on the disk, with mode, time and, where this process may give it away, owner.
final class RestoredFile {
    private let path: String
    private let entry: ArchiveEntry
    private var descriptor: Int32
    private var rest: Int

    init(_ path: String, _ entry: ArchiveEntry) throws {
        self.path = path
        self.entry = entry
        rest = entry.size
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BackupError.unwritable(path, BackupWriter.words(errno)) }
        if rest == 0 { try finish() }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var left = bytes
        while let start = left.baseAddress, !left.isEmpty {
            let count = Glibc.write(descriptor, start, left.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw BackupError.unwritable(path, BackupWriter.words(errno)) }
            left = UnsafeRawBufferPointer(rebasing: left[count...])
        }
        rest -= bytes.count
        if rest == 0 { try finish() }
    }

    private func finish() throws {
        guard fsync(descriptor) == 0 else { throw BackupError.unwritable(path, BackupWriter.words(errno)) }
        close(descriptor)
        descriptor = -1
        try Self.dress(path, entry)
    }

    /// Owner first, since giving a file away takes bits of its mode.
    static func dress(_ path: String, _ entry: ArchiveEntry) throws {
        if geteuid() == 0, lchown(path, uid_t(clamping: entry.user), gid_t(clamping: entry.group)) != 0 {
            throw BackupError.unwritable(path, BackupWriter.words(errno))
        }
        guard chmod(path, entry.mode) == 0 else { throw BackupError.unwritable(path, BackupWriter.words(errno)) }
        let times = [timespec(tv_sec: entry.modified, tv_nsec: 0), timespec(tv_sec: entry.modified, tv_nsec: 0)]
        utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW)
    }
}
