import Crypto
import FoundationEssentials
import Glibc
import TarArchive

/// Packs the folder of a session into one compressed file, and unpacks it.
struct SessionPacking {
    /// Gzip makes at most 1,032 bytes of one, and the file is the program's own.
    static let limits: ArchiveLimits = {
        var limits = ArchiveLimits()
        limits.ratio = 1_100
        return limits
    }()
    private static let blockSize = 256 << 10
    private static let longestList = 1 << 26

    let id: String
    let archive: String

    /// What a file was when it was packed.
    private struct File {
        let entry: ArchiveEntry
        let path: String
        let modified: timespec
    }

    private var list: String { id + ".sha256" }

    /// Writes the archive, reads it back, and looks whether the folder still is as it was packed.
    /// - Parameter folder: The session's.
    /// - Throws: `SessionError`, `ArchiveError`.
    func write(_ folder: String) throws {
        let files = try self.files(folder)
        let writer = try ArchiveWriter(archive)
        var sums: [String: String] = [:]
        for file in files {
            try writer.begin(file.entry)
            if !file.entry.isFolder { sums[file.entry.name] = try copy(file, to: writer) }
        }
        let text = sums.keys.sorted().map { "\(sums[$0] ?? "")  \($0)\n" }.joined()
        try writer.add(ArchiveEntry(name: list, size: 0, mode: 0o644, modified: time(nil)), Array(text.utf8))
        try writer.finish()
        guard try read() == sums else { throw ArchiveError.damaged(archive, "it does not hold what was written") }
        let after = try self.files(folder)
        let isSame = zip(files, after).allSatisfy {
            $0.entry == $1.entry && $0.modified.tv_sec == $1.modified.tv_sec
                && $0.modified.tv_nsec == $1.modified.tv_nsec
        }
        guard isSame, files.count == after.count else { throw SessionError.running(id: id) }
    }

    /// Reads the archive to its end.
    /// - Parameter take: Called for each entry; what it returns is given the bytes.
    /// - Returns: The SHA-256 of every file.
    /// - Throws: `ArchiveError` where it is not as it was when it was written.
    func read(
        _ take: (ArchiveEntry) throws -> (UnsafeRawBufferPointer) throws -> Void = { _ in { _ in } }
    ) throws -> [String: String] {
        let reader = try ArchiveReader(archive, limits: Self.limits)
        var found: [String: String] = [:]
        var expected: [String: String]?
        while let entry = try reader.next() {
            guard expected == nil else { throw ArchiveError.damaged(archive, "something follows \(list)") }
            if entry.name == list {
                expected = try sums(entry, reader)
                continue
            }
            guard entry.name == id || entry.name.hasPrefix(id + "/") else {
                throw ArchiveError.damaged(archive, "'\(entry.name)' is no part of the session \(id)")
            }
            let consume = try take(entry)
            guard !entry.isFolder else { continue }
            found[entry.name] = try reader.digest(consume)
        }
        guard let expected else { throw ArchiveError.damaged(archive, "it has no \(list), so it was cut off") }
        for name in Set(found.keys).union(expected.keys).sorted() where found[name] != expected[name] {
            throw ArchiveError.damaged(
                archive, "'\(name)' is \(found[name] == nil ? "missing" : "not as it was when it was archived")")
        }
        return found
    }

    /// Unpacks the session's folder into another one.
    /// - Throws: `ArchiveError`, `BackupError`.
    func unpack(into folder: String) throws {
        var folders: [(path: String, entry: ArchiveEntry)] = []
        _ = try read { entry in
            let path = folder + "/" + entry.name
            guard entry.isFolder else {
                let file = try RestoredFile(path, entry)
                return { try file.write($0) }
            }
            guard mkdir(path, 0o700) == 0 else { throw BackupError.unwritable(path, BackupWriter.words(errno)) }
            folders.append((path, entry))
            return { _ in }
        }
        // What is in a folder changes its time: the innermost last made is set first.
        for folder in folders.reversed() {
            try RestoredFile.dress(folder.path, folder.entry)
            AtomicFile.syncFolder(of: folder.path + "/")
        }
    }

    private func sums(_ entry: ArchiveEntry, _ reader: ArchiveReader) throws -> [String: String] {
        guard entry.size <= Self.longestList else { throw ArchiveError.damaged(archive, "\(list) is too long") }
        var bytes: [UInt8] = []
        try reader.read { bytes.append(contentsOf: $0) }
        var sums: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let gap = line.firstRange(of: "  ") else {
                throw ArchiveError.damaged(archive, "\(list) cannot be read")
            }
            sums[String(line[gap.upperBound...])] = String(line[..<gap.lowerBound])
        }
        return sums
    }

    private func copy(_ file: File, to writer: ArchiveWriter) throws -> String {
        let descriptor = open(file.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError.unreadable(file.path, BackupWriter.words(errno)) }
        defer { close(descriptor) }
        var hash = SHA256()
        var rest = file.entry.size
        try withUnsafeTemporaryAllocation(byteCount: Self.blockSize, alignment: 16) { buffer in
            while rest > 0 {
                let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, rest))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw ArchiveError.unreadable(file.path, BackupWriter.words(errno)) }
                guard count > 0 else { throw SessionError.running(id: id) }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                hash.update(bufferPointer: bytes)
                try writer.write(bytes)
                rest -= count
            }
        }
        return hash.finalize().hexadecimal
    }

    /// The folder and all that is in it, folders before what is in them, the description before everything else.
    private func files(_ folder: String) throws -> [File] {
        var found: [File] = []
        try collect(folder, id, &found)
        return found
    }

    private func collect(_ path: String, _ name: String, _ found: inout [File]) throws {
        var information = stat()
        guard lstat(path, &information) == 0 else { throw ArchiveError.unreadable(path, BackupWriter.words(errno)) }
        let isFolder = information.st_mode & S_IFMT == S_IFDIR
        guard isFolder || information.st_mode & S_IFMT == S_IFREG else {
            throw ArchiveError.unreadable(path, "it is neither a file nor a folder, and cannot be archived; remove it")
        }
        let entry = ArchiveEntry(
            name: name, isFolder: isFolder, size: isFolder ? 0 : Int(information.st_size),
            mode: information.st_mode & 0o777, user: Int(information.st_uid), group: Int(information.st_gid),
            modified: information.st_mtim.tv_sec)
        found.append(File(entry: entry, path: path, modified: information.st_mtim))
        guard isFolder else { return }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw ArchiveError.unreadable(path, "it cannot be listed")
        }
        for child in names.sorted(by: { ($0 != "session.json", $0) < ($1 != "session.json", $1) }) {
            try collect(path + "/" + child, name + "/" + child, &found)
        }
    }
}

/// Whether the first comes first: false before true, then by the alphabet.
private func < (one: (Bool, String), other: (Bool, String)) -> Bool {
    one.0 == other.0 ? one.1 < other.1 : !one.0
}
