import Foundation
import PhiModel

/// Finds presets: a file by its path, else a name in the data directory, else one that came with the program.
struct PresetFiles {
    let dataDirectory: DataDirectory

    /// The folders with presets, first come first served: the person's own, then what came with the program: beside it, as
    /// installed, or in the checkout that it was built in.
    private var folders: [URL] {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .map { URL(filePath: $0).deletingLastPathComponent() }
        var folders = [dataDirectory.presets]
        if var folder = program {
            folders.append(folder.appending(path: "../share/phi-matrix/presets").standardizedFileURL)
            for _ in 0..<4 {
                folders.append(folder.appending(path: "presets"))
                folder.deleteLastPathComponent()
            }
        }
        return folders
    }

    /// The names of the presets there are, in alphabetical order.
    private var names: [String] {
        let files = folders.flatMap {
            (try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)) ?? []
        }
        return Set(files.filter { $0.pathExtension == "json" }.map { $0.deletingPathExtension().lastPathComponent })
            .sorted()
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
            throw PresetError(
                source: nameOrPath,
                reason: names.isEmpty
                    ? "there are no presets in \(dataDirectory.presets.path); give the path of a file"
                    : "there is none of that name; choose one of: \(names.joined(separator: ", "))")
        }
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw CommandError(.inputOutput, "The preset \(file.path) cannot be read; check its permissions.")
        }
        return try Preset(json: data, source: file.lastPathComponent)
    }
}
