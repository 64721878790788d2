import Foundation

/// A folder that goes with its last user.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "phi-codec-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    /// Copies a file as it is now, and returns the path of the copy.
    func copy(_ path: String, as name: String) throws -> String {
        let copy = self.path(name)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        return copy
    }
}
