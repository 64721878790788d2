import FoundationEssentials
import Glibc
import TarArchive

/// Sessions that were put away, each in one compressed file, `ID.tar.gz`, that other programs can unpack as well: the session's
/// folder, `session.json` first, and after it `ID.sha256`, by which `sha256sum --check` compares every file of it.
public struct SessionArchive: Sendable {
    /// One session that was put away.
    public struct Entry: Sendable {
        /// The name of the session's folder.
        public let id: String
        /// The compressed file; a folder where an earlier version put the session away.
        public let path: String
        /// Whether `path` is a compressed file.
        public let isCompressed: Bool
        /// Bytes that it takes.
        public let bytes: Int
    }

    private static let ending = ".tar.gz"

    /// The folder that they are in.
    public let path: String

    public init(path: String) { self.path = path }

    /// All of them, the newest first. What is none is passed over.
    public func entries() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap(entry(file:)).sorted { $0.id > $1.id }
    }

    /// The one of a name; nil where there is none. A name is looked up among those that are there: it is no path.
    public func entry(_ id: String) -> Entry? { entries().first { $0.id == id } }

    /// What is known of one.
    /// - Throws: `SessionError`, `ArchiveError` where it cannot be read.
    public func session(of entry: Entry) throws -> Session {
        guard entry.isCompressed else {
            switch SessionFolder(path: path).reading(entry.id) {
            case .session(let session): return session
            case .damaged(let reason): throw SessionError.unreadable(path: entry.path, reason: reason)
            case .nothing: throw SessionError.unreadable(path: entry.path, reason: "it has no session.json")
            }
        }
        let reader = try ArchiveReader(entry.path, limits: SessionPacking.limits)
        while let file = try reader.next() {
            guard file.name == entry.id + "/session.json" else { continue }
            guard file.size <= SessionFolder.longestDescription else { break }
            var json = Data()
            try reader.read { json.append(contentsOf: $0) }
            guard var session = try? Session(json: json) else { break }
            session.id = entry.id
            return session
        }
        throw ArchiveError.damaged(entry.path, "its session.json cannot be read")
    }

    /// Reads one to its end, and compares every file of it with what it was when it was put away.
    /// - Throws: `ArchiveError` where anything is not as it was.
    public func verify(_ entry: Entry) throws {
        guard entry.isCompressed else { return _ = try session(of: entry) }
        _ = try SessionPacking(id: entry.id, archive: entry.path).read()
    }

    /// Removes one.
    public func delete(_ entry: Entry) throws(SessionError) {
        do { try FileManager.default.removeItem(atPath: entry.path) } catch {
            throw .unwritable(path: entry.path, reason: "it cannot be removed; check its permissions")
        }
    }

    /// Puts a session away. Its folder goes only once the compressed file is on the disk and was read back.
    /// - Returns: Bytes that it took, and takes now.
    /// - Throws: `SessionError`, `ArchiveError`. Then the session is where it was.
    @discardableResult
    public func add(_ id: String, of folder: SessionFolder) throws -> (before: Int, after: Int) {
        guard !folder.isInUse(id) else { throw SessionError.running(id: id) }
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw SessionError.unwritable(path: path, reason: "the folder cannot be made; check its permissions")
        }
        guard entry(id) == nil else {
            throw SessionError.unwritable(
                path: path + "/" + id + Self.ending, reason: "it is there already; remove it, or choose another folder")
        }
        let target = path + "/" + id + Self.ending
        let before = folder.byteCount(of: id)
        do {
            try SessionPacking(id: id, archive: target).write(folder.path(of: id))
        } catch {
            unlink(target)
            throw error
        }
        try folder.discard(id)
        return (before, entry(id)?.bytes ?? 0)
    }

    /// Brings a session back, bit for bit. What was put away goes only once the session is on the disk.
    /// - Throws: `SessionError`, `BackupError`, `ArchiveError`. Then everything is as before.
    public func restore(_ entry: Entry, to folder: SessionFolder) throws {
        let target = folder.path(of: entry.id)
        var information = stat()
        guard lstat(target, &information) != 0 else {
            throw SessionError.unwritable(path: target, reason: "there is a session of that name; remove one of them")
        }
        let unfinished = target + ".tmp"
        try? FileManager.default.removeItem(atPath: unfinished)
        guard entry.isCompressed else { return try move(entry.path, to: target, by: unfinished) }
        do {
            try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
            try SessionPacking(id: entry.id, archive: entry.path).unpack(into: unfinished)
            guard rename(unfinished + "/" + entry.id, target) == 0 else { throw SessionError.unwritable(target, errno) }
            rmdir(unfinished)
            AtomicFile.syncFolder(of: target)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw error
        }
        try delete(entry)
    }

    private func move(_ source: String, to target: String, by unfinished: String) throws(SessionError) {
        if rename(source, target) == 0 { return }
        guard errno == EXDEV else { throw .unwritable(target, errno) }
        do {
            try FileManager.default.copyItem(atPath: source, toPath: unfinished)
            guard rename(unfinished, target) == 0 else { throw SessionError.unwritable(target, errno) }
            try FileManager.default.removeItem(atPath: source)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw .unwritable(path: target, reason: "it cannot be copied there; check the space on its disk")
        }
    }

    private func entry(file: String) -> Entry? {
        let isCompressed = file.hasSuffix(Self.ending)
        let id = isCompressed ? String(file.dropLast(Self.ending.count)) : file
        var information = stat()
        guard SessionFolder.isID(id), stat(path + "/" + file, &information) == 0,
            information.st_mode & S_IFMT == (isCompressed ? S_IFREG : S_IFDIR)
        else { return nil }
        return Entry(
            id: id, path: path + "/" + file, isCompressed: isCompressed,
            bytes: isCompressed ? Int(information.st_size) : SessionFolder(path: path).byteCount(of: id))
    }
}
