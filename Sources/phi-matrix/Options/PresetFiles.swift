import Foundation
import PhiModel

/// Finds presets: a file by its path, else a name in the data directory, else one that came with the program.
struct PresetFiles {
    let dataDirectory: DataDirectory

    /// The folders with presets, first come first served.
    private var folders: [URL] {
        let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        return [
            dataDirectory.presets, program.appending(path: "../share/phi-matrix/presets").standardizedFileURL,
            URL(filePath: "/usr/share/phi-matrix/presets"),
            URL(filePath: FileManager.default.currentDirectoryPath).appending(path: "presets"),
        ]
    }

    func load(_ nameOrPath: String) throws -> Preset {
        let isPath = nameOrPath.contains("/") || nameOrPath.hasSuffix(".json")
        let candidates =
            isPath ? [URL(filePath: nameOrPath)] : folders.map { $0.appending(path: "\(nameOrPath).json") }
        guard let file = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            guard !isPath else {
                throw CommandError(
                    .inputOutput, "The preset \(nameOrPath) does not exist; check the path after --preset.")
            }
            throw PresetError(source: nameOrPath, reason: "no folder of presets has it")
        }
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw CommandError(.inputOutput, "The preset \(file.path) cannot be read; check its permissions.")
        }
        return try Preset(json: data, source: file.lastPathComponent)
    }
}
