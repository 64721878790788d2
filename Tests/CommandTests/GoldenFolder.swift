import Foundation
import ImageVerify
import ProgramHarness
import Testing

/// A copy of the golden cases, with golden pictures drawn on this machine, that a test may change.
struct GoldenFolder {
    let program: PhiMatrixProgram

    /// The golden cases of the checkout.
    static let original = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens")

    /// - Parameter globs: The cases that golden pictures are made for.
    init(_ program: PhiMatrixProgram, making globs: [String]) async throws {
        self.program = program
        try FileManager.default.createDirectory(
            atPath: program.path("goldens"), withIntermediateDirectories: true)
        for name in ["manifest.json", "states", "sounds"] {
            try FileManager.default.copyItem(
                at: Self.original.appending(path: name), to: URL(filePath: program.path("goldens/\(name)")))
        }
        let made = try await verify(["--update-missing"], globs)
        try #require(made.outcome.status == 0, "\(made.outcome.errors)")
    }

    var manifest: String { program.path("goldens/manifest.json") }

    func golden(_ name: String) -> String { program.path("goldens/\(name).png") }

    /// One case of a report.
    struct Case: Decodable {
        struct Metrics: Decodable {
            let maxDifference: Int
            let flipMean: Double
        }

        let name: String
        let input: String
        let outcome: String
        let tier: Int
        let reasons: [String]
        let actualHash: String?
        let metrics: Metrics?
        let probes: [Probe]
        let validation: [String]

        struct Probe: Decodable {
            let name: String
            let passed: Bool
        }
    }

    struct Report: Decodable {
        let seconds: Double
        let cases: [Case]
    }

    /// Verifies the cases that match, with the report of the run.
    func verify(
        _ arguments: [String] = [], _ globs: [String] = [], environment: [String: String] = [:]
    ) async throws -> (outcome: ChildProcess.Outcome, report: Report) {
        let folder = program.path("report")
        let outcome = try await program.run(
            ["verify", "--manifest", manifest, "--report", folder] + globs.flatMap { ["--case", $0] } + arguments,
            environment: ["CI": ""].merging(environment) { $1 })
        let data = try Data(contentsOf: URL(filePath: "\(folder)/report.json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (outcome, try decoder.decode(Report.self, from: data))
    }

    /// Replaces golden pictures by others, as if they had been approved.
    func replaceGoldens(_ names: [String], _ change: (RasterImage) throws -> RasterImage) throws {
        let path = program.path("goldens/approvals.jsonl")
        var approvals = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        for name in names {
            let old = try ImageFile.read(golden(name))
            let new = try change(old)
            try ImageFile.write(new, to: golden(name))
            approvals = approvals.replacingOccurrences(of: old.hash, with: new.hash)
        }
        try Data(approvals.utf8).write(to: URL(filePath: path))
    }

    /// Changes the text of the manifest or of an input.
    func edit(_ name: String, _ change: (String) -> String) throws {
        let url = URL(filePath: program.path("goldens/\(name)"))
        try Data(change(try String(contentsOf: url, encoding: .utf8)).utf8).write(to: url)
    }
}
