import FoundationEssentials
import Glibc

/// A file or folder of a data directory, as it is to be backed up.
struct BackupSource {
    /// In the archive.
    let name: String
    let path: String
    let isFolder: Bool

    /// Goes through what a part of a data directory holds, folders before what is in them. Links, and files that are being
    /// written for another one, are left out; but the part itself may be a link, to another disk.
    ///
    /// A session's description comes first, and its folder is listed again after it: what it names and counts is then there,
    /// also where the session is being recorded meanwhile.
    /// - Throws: `BackupError.unreadable` where a folder cannot be listed or a part is a link to nothing; what `body` throws.
    static func visit(_ root: String, part: String, _ body: (BackupSource) throws -> Void) throws {
        let path = root + "/" + part
        var information = stat()
        if lstat(path, &information) == 0, stat(path, &information) != 0 {
            throw BackupError.unreadable(path, BackupWriter.words(errno))
        }
        try visit(path, BackupManifest.prefix + part, isPart: true, body)
    }

    private static func visit(
        _ path: String, _ name: String, isPart: Bool = false, _ body: (BackupSource) throws -> Void
    ) throws {
        var information = stat()
        guard (isPart ? stat(path, &information) : lstat(path, &information)) == 0 else {
            // It may have gone meanwhile, or never have been there.
            if errno == ENOENT { return }
            throw BackupError.unreadable(path, BackupWriter.words(errno))
        }
        switch information.st_mode & S_IFMT {
        case S_IFREG: try body(BackupSource(name: name, path: path, isFolder: false))
        case S_IFDIR:
            guard let found = try children(of: path) else { return }
            try body(BackupSource(name: name, path: path, isFolder: true))
            let description = "session.json"
            if found.contains(description) { try visit(path + "/" + description, name + "/" + description, body) }
            for child in try children(of: path) ?? []
            where child != description && !child.hasSuffix(".tmp") && !child.hasSuffix(".part") {
                try visit(path + "/" + child, name + "/" + child, body)
            }
        default: break
        }
    }

    /// Nil where the folder has gone meanwhile.
    private static func children(of path: String) throws(BackupError) -> [String]? {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            var information = stat()
            if lstat(path, &information) != 0, errno == ENOENT { return nil }
            let isOpen = access(path, R_OK | X_OK) == 0
            throw .unreadable(path, isOpen ? "the folder cannot be listed" : BackupWriter.words(errno))
        }
    }
}
