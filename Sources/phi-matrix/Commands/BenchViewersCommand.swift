import ArgumentParser
import Foundation
import Handoff
import ViewerLoad

/// What a running server does with many viewers.
struct BenchViewersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "viewers", abstract: "Measures a running server with many viewers.",
        discussion:
            "Reads the server's figures alone, with one viewer and with all, who acknowledge what they get as the page does and "
            + "do not decode it. Times are right where the viewers run on the server's own machine, whose clock stamps the "
            + "frames. A server takes SOUNDLAB_MAX_CONNECTIONS viewers, 100 where it is not set. A token is taken from "
            + "SOUNDLAB_VIEW_TOKEN. Exit codes: 0 all viewers were served within the limits, 1 they were not, 69 there is no "
            + "server.")

    @Option(help: ArgumentHelp("The server.", valueName: "http://HOST:PORT"))
    var url: String

    @Option(help: "How many viewers there are, 1 to 20000.")
    var count = 100

    @Option(
        help: ArgumentHelp(
            "What the viewers can decode, in the order of preference: h264, vp9, vp8, jpeg.", valueName: "list"))
    var codecs = "h264"

    @Option(help: ArgumentHelp("Frames a second that each asks for, 1 to 240; by default all.", valueName: "fps"))
    var maxFps: Double?

    @Option(help: ArgumentHelp("Pixels that each asks for at most, 1 to 16384; by default all.", valueName: "width"))
    var maxWidth: Int?

    @Option(help: ArgumentHelp("How long is measured, alone and with all, 1 to 3600.", valueName: "seconds"))
    var seconds = 10.0

    @Option(help: ArgumentHelp("Fails where 99 % of the frames are not delivered within this.", valueName: "ms"))
    var limitDelivery: Double?

    @Option(
        help: ArgumentHelp("Fails where the server draws less than this share of its rate alone.", valueName: "0…1"))
    var limitRate: Double?

    @Option(help: ArgumentHelp("Fails where a viewer costs more memory.", valueName: "KB"))
    var limitMemory: Double?

    @Option(help: ArgumentHelp("Writes the results as JSON; - for standard output.", valueName: "file"))
    var json: String?

    /// What the names stand for in `subscribe`.
    private static let names = ["h264": "avc1.42E01F", "vp9": "vp09.00.31.08", "vp8": "vp8", "jpeg": "jpeg"]

    func validate() throws {
        guard let parsed = URL(string: url), parsed.scheme == "http", parsed.host() != nil else {
            throw ValidationError("'\(url)' is no address of a server; give --url http://HOST:PORT")
        }
        guard (1...20_000).contains(count) else {
            throw ValidationError("\(count) viewers cannot be made; give --count from 1 to 20000")
        }
        guard seconds.isFinite, (1...3_600).contains(seconds) else {
            throw ValidationError("\(seconds) s cannot be measured; give --seconds from 1 to 3600")
        }
        if let maxFps, !(1...240).contains(maxFps) {
            throw ValidationError("Nobody can ask for \(maxFps) frames a second; give --max-fps from 1 to 240")
        }
        if let maxWidth, !(1...16_384).contains(maxWidth) {
            throw ValidationError("Nobody can ask for \(maxWidth) pixels; give --max-width from 1 to 16384")
        }
        _ = try codecList()
    }

    private func codecList() throws -> [String] {
        let asked = codecs.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        let known = asked.compactMap { Self.names[$0] }
        guard !asked.isEmpty, known.count == asked.count else {
            throw ValidationError("'\(codecs)' are no codecs; give --codecs of h264, vp9, vp8 and jpeg, with commas")
        }
        return known
    }

    func run() async throws {
        guard let server = URL(string: url), let host = server.host() else { return }
        let environment = ProcessInfo.processInfo.environment
        let token = environment["SOUNDLAB_VIEW_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let allowed = OpenFileLimit.raise()
        guard allowed >= count + 32 else {
            throw CommandError(
                .usage, "\(count) viewers need as many open sockets, and \(allowed) are allowed; raise ulimit -n.")
        }
        let plan = LoadPlan(
            host: host, port: server.port ?? 80, viewers: count, codecs: try codecList(), framesPerSecond: maxFps,
            width: maxWidth, token: token)
        let report = try await ViewerRun(
            plan: plan, figures: ServerFiguresReader(server: server, token: token), seconds: seconds
        ).run()
        try publish(report)
        let complaints = report.complaints(delivery: limitDelivery, rate: limitRate, memory: limitMemory)
        guard complaints.isEmpty else { throw CommandError(.checkFailed, complaints.joined(separator: " ")) }
    }

    private func publish(_ report: ViewerReport) throws {
        guard let json else { return print(report.table) }
        let bytes = try report.json()
        if json == "-" { return print(String(decoding: bytes, as: UTF8.self)) }
        print(report.table)
        do { try bytes.write(to: URL(filePath: json), options: .atomic) } catch {
            throw CommandError(
                .inputOutput, "The results cannot be written to \(json); check that the folder exists and is writable.")
        }
    }
}
