import Foundation
import ProgramHarness
import Testing

@Suite("What recording costs", .serialized)
struct RecordCostTests {
    /// Of one core.
    private static let mostShare = 0.01

    /// Seconds that a thread of a process has run for, to the nanosecond.
    private func seconds(of thread: String, in process: Int32) throws -> Double? {
        let tasks = "/proc/\(process)/task"
        for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
            guard let name = try? String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8),
                name.trimmingCharacters(in: .whitespacesAndNewlines) == thread,
                let text = try? String(contentsOfFile: "\(tasks)/\(task)/schedstat", encoding: .utf8)
            else { continue }
            return text.split(separator: " ").first.flatMap { Double($0) }.map { $0 * 1e-9 }
        }
        return nil
    }

    @Test("the thread that writes a recording takes less than a hundredth of a core")
    func thread() async throws {
        try await withProgram { program in
            let (server, _) = try await program.serve(["--size", "320x180", "--record"])
            let process = server.processIdentifier
            let isThere = try await poll(within: .seconds(20)) { try seconds(of: "phi-record", in: process) }
            _ = try #require(isThere)
            try await Task.sleep(for: .seconds(1))
            let before = try #require(try seconds(of: "phi-record", in: process)), start = ContinuousClock.now
            try await Task.sleep(for: .seconds(Machine.isLong ? 30 : 3))
            let after = try #require(try seconds(of: "phi-record", in: process))
            let share = (after - before) / ((ContinuousClock.now - start) / .seconds(1))
            #expect(share > 0 && share < Self.mostShare, "\(share * 100) % of a core")
            if Machine.isLong { print("the recorder's thread takes \(share * 100) % of a core") }
            await server.stop()
            #expect(try Recording(program).lines("metrics.jsonl").count > 300)
        }
    }
}
