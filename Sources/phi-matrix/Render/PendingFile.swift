import Foundation
import Glibc

/// A file that is written beside its place, and put there when it is whole.
struct PendingFile {
    let path: String
    /// Where it is until then.
    let temporary: String

    /// - Parameter isReplacing: Whether a file that is there may go.
    /// - Throws: `CommandError` where there can be no such file.
    init(_ path: String, isReplacing: Bool) throws {
        self.path = path
        let url = URL(filePath: path)
        temporary =
            url.deletingLastPathComponent()
            .appending(path: ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part").path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw CommandError(
                .inputOutput, "\(path) is a folder, a link or a device; give the name of a file with --output.")
        }
        guard isReplacing else { throw Self.exists(path) }
    }

    static func exists(_ path: String) -> CommandError {
        CommandError(.inputOutput, "\(path) exists; replace it with --force, or give another name with --output.")
    }

    /// Puts the file, which has to be on the disk, in its place.
    func commit() throws {
        guard rename(temporary, path) == 0 else {
            throw CommandError(
                .inputOutput,
                "\(path) cannot be put in its place (\(String(cString: strerror(errno)).lowercased())); check the folder."
            )
        }
        // The name is on the disk once its folder is.
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    /// Removes what was written so far.
    func discard() { unlink(temporary) }
}
