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
    static func all(in root: String, part: String) -> [BackupSource] {
        var found: [BackupSource] = []
        collect(root + "/" + part, BackupManifest.prefix + part, &found)
        return found
    }

    private static func collect(_ path: String, _ name: String, _ found: inout [BackupSource]) {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        switch information.st_mode & S_IFMT {
        case S_IFREG: found.append(BackupSource(name: name, path: path, isFolder: false))
        case S_IFDIR:
            found.append(BackupSource(name: name, path: path, isFolder: true))
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            for child in names.sorted() where !child.hasSuffix(".tmp") && !child.hasSuffix(".part") {
                collect(path + "/" + child, name + "/" + child, &found)
            }
        default: break
        }
    }
}
