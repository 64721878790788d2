import ArgumentParser
import Foundation
import ServerProbe

/// The smoke tests of operations against a running server.
struct SmokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke",
        abstract: "Checks a running server: health, readiness, version, metrics, WebSockets, frames.",
        discussion:
            "Takes some 18 s. A token is taken from SOUNDLAB_AUTH_TOKEN or SOUNDLAB_VIEW_TOKEN. Exit codes: 0 all is well, 1 a "
            + "check failed, 69 there is no server.")

    @Option(help: ArgumentHelp("The server.", valueName: "http://HOST:PORT"))
    var url = "http://127.0.0.1:8000"

    @OptionGroup var access: ServerOptions

    @Option(help: ArgumentHelp("Writes the results as JSON; - for standard output.", valueName: "file"))
    var json: String?

    func run() async throws {
        let server = try access.server(url)
        let isQuiet = json == "-"
        if !isQuiet { print("Smoke tests of \(server.url.absoluteString)\n") }
        let results = try await SmokeRun(server).run { if !isQuiet { print(CheckTable.line($0)) } }
        let failed = results.filter { $0.outcome == .failed }
        let report = SmokeReport(url: server.url.absoluteString, passed: failed.isEmpty, checks: results)
        if let json { try JSONFile.write(report, to: json) }
        if !isQuiet { print("\n\(results.count - failed.count) passed, \(failed.count) failed") }
        guard failed.isEmpty else {
            throw CommandError(
                .checkFailed,
                "The server at \(server.url.absoluteString) fails \(failed.map(\.name).joined(separator: ", ")); look at its log "
                    + "and at /readyz.")
        }
    }
}

private struct SmokeReport: Encodable {
    let url: String
    let passed: Bool
    let checks: [CheckResult]
}
