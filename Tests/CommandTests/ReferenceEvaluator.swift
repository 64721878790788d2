import Foundation
import ProgramHarness

/// NVIDIA's FLIP evaluator, installed from PyPI into a virtual environment of its own in the build folder.
enum ReferenceEvaluator {
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A Python that has the evaluator.
    static func python() async throws -> URL {
        let environment = checkout.appending(path: ".build/flip-evaluator")
        let python = environment.appending(path: "bin/python")
        if try await succeeds(python, ["-c", "import flip_evaluator, numpy"]) { return python }
        try? FileManager.default.removeItem(at: environment)
        let system = try Programs.find(
            ["python3"], advice: "Python is missing: install it with “apt-get install python3-venv”.")
        guard try await succeeds(system, ["-m", "venv", environment.path]) else {
            throw Trouble(
                "python3 cannot make a virtual environment: install what it lacks with “apt-get install python3-venv”.")
        }
        guard try await succeeds(python, ["-m", "pip", "install", "--quiet", "flip-evaluator", "numpy"]) else {
            throw Trouble("flip-evaluator cannot be installed from PyPI.")
        }
        return python
    }

    private static func succeeds(_ program: URL, _ arguments: [String]) async throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: program.path) else { return false }
        return try await ChildProcess(program, arguments).finished(within: .seconds(240)).status == 0
    }

    /// The mean FLIP of each pair of files.
    static func means(_ pairs: [(String, String)], python: URL) async throws -> [Double] {
        let list = pairs.map { "\($0.0)\t\($0.1)" }.joined(separator: "\n")
        let script = checkout.appending(path: "Tests/Reference/flip_reference.py").path
        let outcome = try await ChildProcess(
            Programs.find(["sh"], advice: "There is no shell."),
            ["-c", "printf '%s\\n' \"$2\" | \"$0\" \"$1\"", python.path, script, list]
        ).finished(within: .seconds(240))
        guard outcome.status == 0 else { throw Trouble("The reference evaluator failed: \(outcome.errors)") }
        return outcome.text.split(separator: "\n").compactMap { Double($0) }
    }
}
