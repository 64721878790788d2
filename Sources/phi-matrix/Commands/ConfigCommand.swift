import ArgumentParser
import Foundation
import FrameServer
import PhiModel

/// Looks through the configuration before a server does.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Checks the configuration file, or shows what a server would be started with.",
        subcommands: [ConfigCheckCommand.self, ConfigShowCommand.self])
}

struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Names unknown settings and values of the wrong kind, with their lines.",
        discussion:
            "Exit code 0: a server can be started with it, and with the environment as it is here; 65: it cannot.")

    @Argument(help: "The file (default: config/phi-matrix.yaml in the data directory).")
    var file: String?

    @Option(help: ArgumentHelp("Where configuration, presets and sessions are.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        let data = DataDirectory(dataDir), path = file ?? data.configuration.path
        guard let bytes = try ConfigurationFile(path: path).read() else {
            guard file == nil else {
                throw CommandError(.inputOutput, "There is no file \(path); check the path.")
            }
            return print("There is no \(path): a server is started with its defaults.")
        }
        let findings = ConfigurationFile.findings(in: bytes)
        for finding in findings { print("\(path):\(finding.line):\(finding.column): \(finding.text).") }
        guard findings.isEmpty else {
            throw CommandError(
                .badInput,
                "\(path) has \(findings.count == 1 ? "a mistake" : "\(findings.count) mistakes"); no server can be started with it."
            )
        }
        // What single values cannot tell: a key without a certificate, or an environment that does not fit.
        if file == nil { _ = try await ServeSettings(flags: [:], dataDirectory: data) }
        print("\(path) is in order.")
    }
}

struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows each setting, where it comes from, and whether SIGHUP changes it in a server that runs.",
        discussion: "Tokens are masked.")

    @Flag(help: "Writes JSON.")
    var json = false

    @Option(help: ArgumentHelp("Where configuration, presets and sessions are.", valueName: "dir"))
    var dataDir: String?

    func run() async throws {
        let settings = try await ServeSettings(flags: [:], dataDirectory: DataDirectory(dataDir))
        let entries = settings.entries
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let shown = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
            return print(String(decoding: try encoder.encode(shown), as: UTF8.self))
        }
        let width = entries.map(\.key.count).max() ?? 0
        for entry in entries {
            let key = entry.key.padding(toLength: width, withPad: " ", startingAt: 0)
            let source = entry.source.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0)
            let reload = SettingKey.named(entry.key)?.isReloadable == true ? "SIGHUP" : "restart"
            print("\(key)  \(source)  \(reload)  \(String(decoding: try entry.value.json(), as: UTF8.self))")
        }
    }
}
