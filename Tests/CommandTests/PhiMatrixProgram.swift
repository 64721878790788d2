import Foundation
import ProgramHarness
import Testing

/// Runs the built program with a data directory of its own.
struct PhiMatrixProgram {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "phi-matrix-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess(
            try Programs.phiMatrix(), arguments,
            environment: ["SOUNDLAB_DATA_DIR": path("data")].merging(environment) { $1 })
    }

    func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> ChildProcess.Outcome {
        try await start(arguments, environment: environment).finished(within: .seconds(60))
    }

    /// Starts a server and returns it with its URL, once there is a frame.
    func serve(
        _ arguments: [String] = [], environment: [String: String] = [:]
    ) async throws -> (server: ChildProcess, url: URL) {
        let server = try start(["serve", "--port", "0"] + arguments, environment: environment)
        let text = try await server.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
        return (server, try #require(URL(string: text)))
    }
}

/// Runs `body` with a program whose folder is removed afterwards.
func withProgram(_ body: (PhiMatrixProgram) async throws -> Void) async throws {
    let program = try PhiMatrixProgram()
    defer { program.remove() }
    try await body(program)
}
