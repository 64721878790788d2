import Foundation
import PhiModel
import PhiRenderer

/// Finds presets: a file by its path, else a name in the data directory, else one that came with the program.
struct PresetFiles: Sendable {
    let dataDirectory: DataDirectory
    /// Whether only presets that came with the program count: where the same name has to mean the same on every machine.
    var isShippedOnly = false

    /// The folders with presets, first come first served: the person's own, then what came with the program: beside it, as
    /// installed, or in the checkout that it was built in.
    private var folders: [URL] {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .map { URL(filePath: $0).deletingLastPathComponent() }
        var folders = isShippedOnly ? [] : [dataDirectory.presets]
        if var folder = program {
            folders.append(folder.appending(path: "../share/phi-matrix/presets").standardizedFileURL)
            for _ in 0..<4 {
                folders.append(folder.appending(path: "presets"))
                folder.deleteLastPathComponent()
            }
        }
        return folders
    }

    /// A file that holds a preset.
    struct Location: Sendable {
        /// What it is asked for by: the file's name without its extension.
        let name: String
        let url: URL
    }

    /// The presets there are, in alphabetical order. Of those with the same name, the one that is found first.
    var locations: [Location] {
        var found: [String: URL] = [:]
        for folder in folders {
            let files =
                (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
            for file in files where file.pathExtension == "json" {
                let name = file.deletingPathExtension().lastPathComponent
                // The schema lies beside the presets.
                if !name.contains("."), found[name] == nil { found[name] = file }
            }
        }
        return found.map { Location(name: $0.key, url: $0.value) }.sorted { $0.name < $1.name }
    }

    /// The file of a preset's name or path.
    func locate(_ nameOrPath: String) throws -> URL {
        if nameOrPath.contains("/") || nameOrPath.hasSuffix(".json") {
            guard FileManager.default.fileExists(atPath: nameOrPath) else {
                throw CommandError(.inputOutput, "The preset \(nameOrPath) does not exist; check its path.")
            }
            return URL(filePath: nameOrPath)
        }
        let known = locations
        guard let location = known.first(where: { $0.name == nameOrPath }) else {
            throw PresetError(
                source: nameOrPath,
                reason: known.isEmpty
                    ? "there are no presets in \(dataDirectory.presets.path); give the path of a file"
                    : "there is none of that name; choose one of: \(known.map(\.name).joined(separator: ", "))")
        }
        return location.url
    }

    func read(_ file: URL) throws -> Data {
        do { return try Data(contentsOf: file) } catch {
            throw CommandError(.inputOutput, "The preset \(file.path) cannot be read; check its permissions.")
        }
    }

    /// Reads a preset and checks all of it, its scene as well.
    func load(_ file: URL) throws -> Preset {
        let preset = try Preset(json: try read(file), source: file.lastPathComponent)
        if let scene = preset.scene, !SceneCatalog.entries.contains(where: { $0.name == scene }) {
            let names = SceneCatalog.entries.map(\.name).joined(separator: ", ")
            throw PresetError(
                source: file.lastPathComponent, field: "scene", reason: "'\(scene)' is none of \(names)")
        }
        return preset
    }

    func load(_ nameOrPath: String) throws -> Preset { try load(try locate(nameOrPath)) }
}
