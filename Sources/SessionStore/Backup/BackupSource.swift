import FoundationEssentials
import Glibc

/// A file or folder of a data directory, as it is to be backed up.
struct BackupSource {
    /// In the archive.
    let name: String
    let path: String
    let isFolder: Bool

    /// What a part of a data directory holds, folders before what is in them. Links, and files that are being written for
    /// another one, are left out.
    ///
    /// A session's description comes before its streams: what it counts is then there, also where the session is being
    /// recorded meanwhile.
    /// - Throws: `BackupError.unreadable` where a folder cannot be listed.
    static func all(in root: String, part: String) throws(BackupError) -> [BackupSource] {
        var found: [BackupSource] = []
        try collect(root + "/" + part, BackupManifest.prefix + part, &found)
        return found
    }

    private static func collect(_ path: String, _ name: String, _ found: inout [BackupSource]) throws(BackupError) {
        var information = stat()
        guard lstat(path, &information) == 0 else {
            // It may have gone meanwhile, or never have been there.
            if errno == ENOENT { return }
            throw .unreadable(path, BackupWriter.words(errno))
        }
        switch information.st_mode & S_IFMT {
        case S_IFREG: found.append(BackupSource(name: name, path: path, isFolder: false))
        case S_IFDIR:
            guard let children = try children(of: path) else { return }
            found.append(BackupSource(name: name, path: path, isFolder: true))
            for child in children where !child.hasSuffix(".tmp") && !child.hasSuffix(".part") {
                try collect(path + "/" + child, name + "/" + child, &found)
            }
        default: break
        }
    }

    /// Nil where the folder has gone meanwhile.
    private static func children(of path: String) throws(BackupError) -> [String]? {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            return names.filter { $0 == "session.json" } + names.filter { $0 != "session.json" }.sorted()
        } catch {
            var information = stat()
            if lstat(path, &information) != 0, errno == ENOENT { return nil }
            let isOpen = access(path, R_OK | X_OK) == 0
            throw .unreadable(path, isOpen ? "the folder cannot be listed" : BackupWriter.words(errno))
        }
    }
}
