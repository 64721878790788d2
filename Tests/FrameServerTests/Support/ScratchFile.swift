import Foundation

/// Runs `body` with the path of a file that does not exist yet, in a folder that is removed afterwards.
func withScratchFile<R>(_ name: String, _ body: (String) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "phi-matrix-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.appending(path: name).path)
}
