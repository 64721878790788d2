import ArgumentParser
import Foundation
import PhiModel
import SessionStore

extension PresetCollision: ExpressibleByArgument {}

struct PresetExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes presets into one JSON document, to be imported elsewhere.",
        discussion: "Without a name it writes every preset that can be read.")

    @Argument(help: ArgumentHelp("Names of presets.", valueName: "name"))
    var presets: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write; - for standard output.", valueName: "file"))
    var output = "-"

    @Option(help: ArgumentHelp("The data directory to look in first.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        let library = PresetFiles(dataDirectory: DataDirectory(dataDir)).library
        let bundle: PresetBundle
        do throws(PresetStoreError) { bundle = try library.bundle(presets.isEmpty ? nil : presets) } catch {
            throw CommandError(error)
        }
        let text = try PresetText.json(bundle.document)
        guard output != "-" else { return print(text) }
        do { try Data("\(text)\n".utf8).write(to: URL(filePath: output), options: .atomic) } catch {
            throw CommandError(.inputOutput, "\(output) cannot be written; check its folder and permissions.")
        }
    }
}

struct PresetImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Keeps the presets of a document in the data directory.",
        discussion:
            "Takes what export writes, a list of presets, or a single one. Exits with 65 where one of them is left out."
    )

    @Argument(help: ArgumentHelp("Documents; - for standard input.", valueName: "file"))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "What is done where there is a preset of the same name: prompt (leave it out and say so), overwrite, "
                + "new_copy, merge.", valueName: "how"))
    var collision = PresetCollision.prompt

    @Flag(help: "Says what would be done, and writes nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("The data directory to write to.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        let library = PresetFiles(dataDirectory: DataDirectory(dataDir)).library
        var leftOut = 0, all = 0
        for file in files {
            guard let bundle = PresetBundle(try document(file)) else {
                throw CommandError(
                    .badInput,
                    "\(file) holds no presets; give what export writes, a list of presets, or one, at most "
                        + "\(PresetBundle.limit).")
            }
            let results: [PresetBundle.Result]
            do throws(PresetStoreError) {
                results = try bundle.add(to: library, collision: collision, isTrial: dryRun)
            } catch { throw CommandError(error) }
            for result in results {
                print("\(result.id ?? result.name ?? "?"): \(result.action)\(result.reason.map { ": \($0)" } ?? "")")
            }
            all += results.count
            leftOut += results.count(where: \.isLeftOut)
        }
        guard leftOut == 0 else {
            throw CommandError(.badInput, "\(leftOut) of \(all) presets were left out; see above why.")
        }
    }

    private func document(_ file: String) throws -> JSONValue {
        let data: Data
        do {
            data =
                try file == "-"
                ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(filePath: file))
        } catch { throw CommandError(.inputOutput, "\(file) cannot be read; check its path and permissions.") }
        do { return try JSONValue(json: data) } catch {
            throw CommandError(.badInput, "\(file) is not JSON; give what export writes.")
        }
    }
}

extension CommandError {
    fileprivate init(_ error: PresetStoreError) {
        switch error {
        case .full, .unwritable: self.init(.inputOutput, error.description)
        default: self.init(.badInput, error.description)
        }
    }
}
