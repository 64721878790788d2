import Foundation
import PhiModel
import PhiRenderer
import SessionStore

/// Finds presets: a file by its path, else a name in the data directory, else one that came with the program.
struct PresetFiles: Sendable {
    let dataDirectory: DataDirectory
    /// Whether only presets that came with the program count: where the same name has to mean the same on every machine.
    var isShippedOnly = false

    /// The person's own presets, and what came with the program: beside it, as installed, or in the checkout that it was
    /// built in.
    var library: PresetLibrary {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .map { URL(filePath: $0).deletingLastPathComponent() }
        var shipped: [String] = []
        if var folder = program {
            shipped.append(folder.appending(path: "../share/phi-matrix/presets").standardizedFileURL.path)
            // .build/rc/TRIPLE/release is the farthest from the checkout's own folder.
            for _ in 0..<5 {
                shipped.append(folder.appending(path: "presets").path)
                folder.deleteLastPathComponent()
            }
        }
        return PresetLibrary(
            own: isShippedOnly ? nil : dataDirectory.presets.path, shipped: shipped,
            scenes: SceneCatalog.entries.map(\.name))
    }

    /// A file that holds a preset.
    struct Location: Sendable {
        /// What it is asked for by: the file's name without its extension.
        let name: String
        let url: URL
    }

    /// The presets there are, in alphabetical order. Of those with the same name, the one that is found first.
    var locations: [Location] { library.entries.map { Location(name: $0.id, url: URL(filePath: $0.path)) } }

    /// Whether a text is the path of a file, and no name.
    static func isPath(_ text: String) -> Bool { text.contains("/") || text.hasSuffix(".json") }

    /// The file of a preset's name or path.
    func locate(_ nameOrPath: String) throws -> URL {
        if Self.isPath(nameOrPath) {
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
        do { return try library.parse(try read(file), source: file.lastPathComponent) } catch PresetStoreError.invalid(
            let error)
        { throw error }
    }

    func load(_ nameOrPath: String) throws -> Preset { try load(try locate(nameOrPath)) }
}
