import ArgumentParser
import Foundation
import ServerProbe

/// The go/no-go gates of the runbook.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Decides go or no-go: health, logs, smoke tests, connections, rates, latency, a user's way.",
        discussion:
            "Starts a server of its own and measures it, or the one of --url. What follows -- is given to the own server, as in "
            + "'phi-matrix validate -- --size 640x360'. A token is taken from SOUNDLAB_AUTH_TOKEN or SOUNDLAB_VIEW_TOKEN. Exit "
            + "codes: 0 go, 1 no-go, 69 there is no server.")

    @Option(help: ArgumentHelp("A running server, in place of an own one.", valueName: "http://HOST:PORT"))
    var url: String?

    @OptionGroup var access: ServerOptions

    @Option(help: ArgumentHelp("How long it takes in all, 30 to 86400.", valueName: "seconds"))
    var seconds = 60.0

    @Option(help: ArgumentHelp("Where the log of --url is, text or JSON lines.", valueName: "file"))
    var log: String?

    @Flag(help: "Tries a user's way on --url as well: changes preset and Φ for a moment, and puts them back.")
    var flow = false

    @Option(help: ArgumentHelp("Where the results are written as JSON; - for standard output.", valueName: "file"))
    var json = "out/validate.json"

    @Argument(help: ArgumentHelp("Options of serve for the own server, after --.", valueName: "option"))
    var serveOptions: [String] = []

    func validate() throws {
        guard seconds.isFinite, (30...86_400).contains(seconds) else {
            throw ValidationError("\(seconds) s cannot be measured; give --seconds from 30 to 86400")
        }
        guard url == nil || serveOptions.isEmpty else {
            throw ValidationError("Options of serve are for an own server; leave out --url or what follows --")
        }
        guard url != nil || (log == nil && !flow) else {
            throw ValidationError("--log and --flow are for a running server; add --url")
        }
    }

    func run() async throws {
        guard let url else { return try await examineOwn() }
        let log = log
        if let log, !FileManager.default.isReadableFile(atPath: log) {
            throw CommandError(.inputOutput, "The log \(log) cannot be read; check the name and its permissions.")
        }
        var reading: (@Sendable () throws -> String)?
        if let log { reading = { String(decoding: try Data(contentsOf: URL(filePath: log)), as: UTF8.self) } }
        try await examine(try access.server(url), log: reading, isFlowTried: flow)
    }

    private func examineOwn() async throws {
        let own = try OwnServer(serveOptions)
        do {
            let server = try ProbedServer(try await own.address())
            try await examine(server, log: { own.text }, isFlowTried: true)
        } catch {
            await own.stop()
            throw error
        }
        await own.stop()
    }

    private func examine(
        _ server: ProbedServer, log: (@Sendable () throws -> String)?, isFlowTried: Bool
    ) async throws {
        let isQuiet = json == "-"
        if !isQuiet { print("Go/no-go gates of \(server.url.absoluteString), \(Int(seconds)) s\n") }
        let began = Date()
        let gates = try await ValidateRun(server: server, seconds: seconds, log: log, isFlowTried: isFlowTried).run {
            if !isQuiet { print(CheckTable.line($0)) }
        }
        let failed = gates.filter { $0.outcome == .failed }
        let report = ValidationReport(
            url: server.url.absoluteString, version: ProductVersion.line,
            began: began.ISO8601Format(), seconds: (Date().timeIntervalSince(began) * 10).rounded() / 10,
            decision: failed.isEmpty ? "go" : "no-go", gates: gates)
        try JSONFile.write(report, to: json)
        if !isQuiet { print("\n\(failed.isEmpty ? "GO" : "NO-GO")") }
        guard failed.isEmpty else {
            throw CommandError(
                .checkFailed,
                "No-go: \(failed.map(\.name).joined(separator: ", ")); roll back, or mend it and validate again.")
        }
    }
}

private struct ValidationReport: Encodable {
    let url: String
    let version: String
    let began: String
    let seconds: Double
    let decision: String
    let gates: [CheckResult]
}
