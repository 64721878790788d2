import CExchange
import FoundationEssentials
import Glibc
import TarArchive

/// Puts a backup in the place of what a data directory holds. Everything is unpacked beside it and compared first; then folders
/// change places, and what was there before is kept, also where the program ends in the middle of that.
public struct BackupRestore: Sendable {
    public struct Result: Sendable {
        public let manifest: BackupManifest
        /// Where what was there before is now; nil where nothing was.
        public let before: String?
    }

    /// What is unpacked, until it is compared: never what was there before.
    private static let staging = ".restore"

    let root: String
    /// Folders that are restored.
    let parts: [String]

    /// - Parameters:
    ///   - root: The data directory.
    ///   - parts: Of `BackupManifest.parts`.
    public init(root: String, parts: [String] = BackupManifest.parts) {
        self.root = root
        self.parts = parts
    }

    /// - Throws: `ArchiveError`, `BackupError`. Then everything is as before, or the error says where what was there is now.
    public func run(_ archive: String, limits: ArchiveLimits = ArchiveLimits()) throws -> Result {
        do { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) } catch {
            throw BackupError.unwritable(root, "the folder cannot be made")
        }
        guard let lock = DataDirectoryLock(exclusive: root) else { throw BackupError.inUse(root) }
        defer { lock.release() }
        let staged = root + "/" + Self.staging
        // Of a restore that was killed.
        try? FileManager.default.removeItem(atPath: staged)
        defer { try? FileManager.default.removeItem(atPath: staged) }
        guard mkdir(staged, 0o700) == 0 else { throw BackupError.unwritable(root, BackupWriter.words(errno)) }
        let manifest = try unpack(archive, into: staged, limits)
        return Result(manifest: manifest, before: try exchange(setAside(staged)))
    }

    private func unpack(_ archive: String, into staged: String, _ limits: ArchiveLimits) throws -> BackupManifest {
        var folders: [(path: String, entry: ArchiveEntry)] = []
        let manifest = try BackupReading(archive, limits: limits).run { entry in
            let inner = entry.name.dropFirst(BackupManifest.prefix.count)
            guard let part = inner.split(separator: "/").first, parts.contains(String(part)) else { return { _ in } }
            let path = staged + "/" + inner
            if entry.isFolder {
                guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                    throw BackupError.unwritable(path, BackupWriter.words(errno))
                }
                folders.append((path, entry))
                return { _ in }
            }
            let file = try RestoredFile(path, entry)
            return { try file.write($0) }
        }
        // What is in a folder changes its time: the innermost last made is set first.
        for folder in folders.reversed() { try RestoredFile.dress(folder.path, folder.entry) }
        return manifest
    }

    /// Gives what is unpacked the name under which what was there before is kept.
    private func setAside(_ staged: String) throws -> String {
        let digits = Date().ISO8601Format().filter(\.isNumber)
        let name = "\(root)/before-restore-\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))"
        var n = 1
        while true {
            let kept = n == 1 ? name : "\(name)-\(n)"
            if rename(staged, kept) == 0 {
                syncFolder(root)
                return kept
            }
            guard errno == EEXIST || errno == ENOTEMPTY else {
                throw BackupError.unwritable(kept, BackupWriter.words(errno))
            }
            n += 1
        }
    }

    /// Folders change places one by one, and back again where one cannot.
    private func exchange(_ kept: String) throws -> String? {
        var done: [(new: String, old: String)] = []
        for part in parts where access(kept + "/" + part, F_OK) == 0 {
            let new = kept + "/" + part, old = root + "/" + part
            let isDone = Self.changePlaces(new, old) || (errno == ENOENT && rename(new, old) == 0)
            guard isDone else {
                let code = errno
                var isBack = true
                for pair in done.reversed() {
                    isBack = (Self.changePlaces(pair.new, pair.old) || rename(pair.old, pair.new) == 0) && isBack
                }
                isBack = isBack && !parts.contains { access(kept + "/" + $0 + Self.aside, F_OK) == 0 }
                if isBack { try? FileManager.default.removeItem(atPath: kept) }
                let place = isBack ? "" : "; some of what was there is in \(kept) now"
                throw BackupError.unwritable(old, BackupWriter.words(code) + place)
            }
            done.append((new, old))
        }
        syncFolder(root)
        if done.contains(where: { access($0.new, F_OK) == 0 }) { return kept }
        try? FileManager.default.removeItem(atPath: kept)
        return nil
    }

    /// What was there bears this for as long as it has no other place.
    static let aside = ".aside"

    /// In one step; in three where the file system, such as NFS, does not know that one. Where it fails it sets errno, and
    /// both are where they were, or `old`, at worst, is beside `new` under the name of `aside`.
    static func changePlaces(
        _ new: String, _ old: String, exchange: (String, String) -> Int32 = { cexchange($0, $1) },
        move: (String, String) -> Int32 = { rename($0, $1) }
    ) -> Bool {
        if exchange(new, old) == 0 { return true }
        guard errno == EINVAL || errno == ENOSYS else { return false }
        let aside = new + Self.aside
        guard move(old, aside) == 0 else { return false }
        let isIn = move(new, old) == 0
        if isIn, move(aside, new) == 0 { return true }
        let code = errno
        if !isIn || move(old, new) == 0 { _ = move(aside, old) }
        errno = code
        return false
    }

    private func syncFolder(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
