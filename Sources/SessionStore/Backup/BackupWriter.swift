import Crypto
import FoundationEssentials
import Glibc
import TarArchive

/// Makes a backup of a data directory, also while a server works with it: each file is taken as long as it was when it was
/// opened, and lines of a recording only as far as they are whole.
public struct BackupWriter: Sendable {
    public struct Result: Sendable {
        public let path: String
        public let files: Int
        /// Bytes of all files, and of the archive.
        public let bytes: Int
        public let archiveBytes: Int
    }

    private static let blockSize = 256 << 10

    let root: String
    let version: String

    /// - Parameters:
    ///   - root: The data directory.
    ///   - version: Of the program, for the manifest.
    public init(root: String, version: String) {
        self.root = root
        self.version = version
    }

    /// - Parameter path: Of the archive, in a folder that is there.
    /// - Throws: `BackupError`, `ArchiveError`. Then there is no archive.
    public func write(to path: String) throws -> Result {
        guard access(root, R_OK | X_OK) == 0 else { throw BackupError.unreadable(root, Self.words(errno)) }
        let writer = try ArchiveWriter(path)
        var files: [BackupManifest.File] = []
        for part in BackupManifest.parts {
            try BackupSource.visit(root, part: part) { source in
                if source.isFolder {
                    try add(folder: source, writer)
                } else if let file = try add(source, writer) {
                    files.append(file)
                }
            }
        }
        let manifest = BackupManifest(created: SessionTime.now(), version: version, files: files)
        try writer.add(
            ArchiveEntry(name: BackupManifest.entry, size: 0, mode: 0o644, modified: time(nil)), try manifest.json())
        try writer.finish()
        var information = stat()
        guard stat(path, &information) == 0 else { throw BackupError.unreadable(path, Self.words(errno)) }
        return Result(
            path: path, files: files.count, bytes: files.reduce(0) { $0 + $1.size }, archiveBytes: information.st_size)
    }

    private func add(folder: BackupSource, _ writer: ArchiveWriter) throws {
        var information = stat()
        // It may have gone meanwhile.
        guard lstat(folder.path, &information) == 0 else { return }
        try writer.begin(entry(folder, information, size: 0))
    }

    /// Nil where the file has gone meanwhile.
    private func add(_ source: BackupSource, _ writer: ArchiveWriter) throws -> BackupManifest.File? {
        let descriptor = open(source.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw BackupError.unreadable(source.path, Self.words(errno))
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw BackupError.unreadable(source.path, Self.words(errno)) }
        var size = information.st_size
        if source.path.hasSuffix(".jsonl") { size = try Self.wholeLines(descriptor, size, source.path) }
        try writer.begin(entry(source, information, size: size))
        var hash = SHA256()
        var rest = size
        try withUnsafeTemporaryAllocation(byteCount: Self.blockSize, alignment: 16) { buffer in
            while rest > 0 {
                let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, rest))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw BackupError.unreadable(source.path, Self.words(errno)) }
                guard count > 0 else { throw BackupError.changed(source.path) }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                hash.update(bufferPointer: bytes)
                try writer.write(bytes)
                rest -= count
            }
        }
        return BackupManifest.File(name: source.name, size: size, sha256: hash.finalize().hexadecimal)
    }

    private func entry(_ source: BackupSource, _ information: stat, size: Int) -> ArchiveEntry {
        ArchiveEntry(
            name: source.name, isFolder: source.isFolder, size: size, mode: information.st_mode & 0o777,
            user: Int(information.st_uid), group: Int(information.st_gid), modified: information.st_mtim.tv_sec)
    }

    /// Bytes up to the end of the last whole line.
    private static func wholeLines(_ descriptor: Int32, _ size: Int, _ path: String) throws -> Int {
        var end = size
        while end > 0 {
            let start = max(0, end - blockSize)
            var block = [UInt8](repeating: 0, count: end - start)
            let count = pread(descriptor, &block, block.count, start)
            guard count == block.count else { throw BackupError.changed(path) }
            if let newline = block.lastIndex(of: 0x0A) { return start + newline + 1 }
            end = start
        }
        return 0
    }

    static func words(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "no space is left"
        case EACCES, EPERM: "permission denied"
        case EROFS: "the file system is read-only"
        case ENOENT: "there is no such file or folder"
        default: String(cString: strerror(code)).lowercased()
        }
    }
}

extension Digest {
    var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return reduce(into: "") {
            $0.append(digits[Int($1 >> 4)])
            $0.append(digits[Int($1 & 15)])
        }
    }
}
