import ArgumentParser
import Foundation
import PhiModel

/// Presets: what there is, what is in one, whether it is right.
struct PresetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets", abstract: "Lists, shows, validates, imports and exports presets.",
        discussion: "The fields of a preset are described in presets/README.md.",
        subcommands: [PresetList.self, PresetShow.self, PresetValidation.self, PresetImport.self, PresetExport.self])
}

struct PresetList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the presets that --preset finds by name.")

    @Flag(help: "Prints JSON.")
    var json = false

    @Option(help: ArgumentHelp("The data directory to look in first.", valueName: "dir"))
    var dataDir: String?

    private struct Row: Encodable {
        var name: String
        var scene: String?
        var tags: [String]
        var description: String?
        var file: String
        /// Why it cannot be used; absent where it can.
        var error: String?
    }

    func run() async throws {
        let files = PresetFiles(dataDirectory: DataDirectory(dataDir))
        let rows = files.locations.map { location in
            do {
                let preset = try files.load(location.url)
                return Row(
                    name: location.name, scene: preset.scene, tags: preset.tags ?? [],
                    description: preset.description, file: location.url.path)
            } catch {
                return Row(name: location.name, tags: [], file: location.url.path, error: "\(error)")
            }
        }
        if json { return print(try PresetText.json(rows)) }
        let width = rows.map(\.name.count).max() ?? 0
        for row in rows {
            let name = row.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
            let scene = (row.scene ?? "–").padding(toLength: 11, withPad: " ", startingAt: 0)
            print(name + scene + (row.error ?? row.description ?? ""))
        }
    }
}

struct PresetShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints a preset as JSON.")

    @Argument(help: ArgumentHelp("A preset's name, or the file of one.", valueName: "name|file"))
    var preset: String

    @Option(help: ArgumentHelp("The data directory to look in first.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        print(try PresetText.json(try PresetFiles(dataDirectory: DataDirectory(dataDir)).load(preset)))
    }
}

struct PresetValidation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks presets: file, field and reason of the first mistake in each.",
        discussion: "Without a name it checks every preset that --preset finds. Exits with 65 where one is wrong.")

    @Argument(help: ArgumentHelp("Names or files.", valueName: "name|file"))
    var presets: [String] = []

    @Option(help: ArgumentHelp("The data directory to look in first.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        let files = PresetFiles(dataDirectory: DataDirectory(dataDir))
        let wanted = presets.isEmpty ? files.locations.map(\.url) : try presets.map { try files.locate($0) }
        var wrong: [String] = []
        for file in wanted {
            do {
                _ = try files.load(file)
                print("\(file.lastPathComponent): OK")
                for field in Preset.unknownFields(in: try files.read(file)) {
                    print("\(file.lastPathComponent): the field \(field) is not known and is passed over")
                }
            } catch let error as PresetError {
                print("\(error)")
                wrong.append(file.lastPathComponent)
            }
        }
        guard wrong.isEmpty else {
            throw CommandError(
                .badInput, "\(wrong.count) of \(wanted.count) presets cannot be used; mend what is said above.")
        }
    }
}

enum PresetText {
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
