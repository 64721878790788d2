import Foundation
import ProgramHarness
import Testing

@Suite("The clock of a recording", .serialized)
struct RecordClockTests {
    /// What the streams may be apart, s.
    private static let tolerance = 0.005

    private func setPhi(_ source: String, _ url: URL) async throws -> (before: Double, after: Double) {
        let before = unixNow()
        let body = source == "manual" ? #"{"source":"manual","depth":0.9}"# : #"{"source":"internal"}"#
        let answer = try await LoopbackHTTP.request("POST", url.appending(path: "api/phi"), body: Data(body.utf8))
        #expect(answer.status == 200)
        return (before, unixNow())
    }

    @Test("metrics, Φ and controls tell the same moment within 5 ms, and it is the moment at which it happened")
    func moments() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--fps", "30", "--record"])
            _ = try await poll(within: .seconds(20)) {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/recorder/status"))
                return String(decoding: answer.body, as: UTF8.self).contains(/"frames":[1-9]/) ? true : nil
            }
            var asked: [(source: String, before: Double, after: Double)] = []
            for n in 0..<24 {
                let source = n % 2 == 0 ? "manual" : "internal"
                let moment = try await setPhi(source, url)
                asked.append((source, moment.before, moment.after))
                // At no fixed distance, so that they fall anywhere between samples, frames and looks at the controls.
                try await Task.sleep(for: .milliseconds(90 + 13 * (n % 7)))
            }
            await server.stop()

            let recording = try Recording(program)
            let metrics = try recording.lines("metrics.jsonl"), phi = try recording.lines("phi.jsonl")
            #expect(metrics.count == phi.count && metrics.count > 200)
            func time(_ line: [String: Any]) throws -> Double { try #require(line["t"] as? Double) }
            let times = try metrics.map(time)
            for (one, other) in zip(times, try phi.map(time)) { #expect(abs(one - other) <= Self.tolerance) }
            for (one, other) in zip(metrics, phi) {
                #expect(one["phi_mode"] as? String == other["phi_mode"] as? String)
                #expect(one["phi_depth"] as? Double == other["phi_depth"] as? Double)
            }

            let controls = try recording.lines("controls.jsonl").dropFirst()
            #expect(controls.compactMap { $0["phi_source"] as? String } == asked.map(\.source))
            // The first sample of each mode: the change was made after the one before it, and not after it.
            let modes = phi.compactMap { $0["phi_mode"] as? String }
            let first = modes.indices.dropFirst().filter { modes[$0] != modes[$0 - 1] }
            // The session's beginning by the clock on the wall: a sample is stamped when it is published, not before.
            let origins = try metrics.map { try #require($0["timestamp"] as? Double) - (try time($0)) }
            let origin = try #require(origins.min())
            let changes = try controls.map(time)
            let starts = first.suffix(changes.count)
            #expect(starts.count == changes.count)
            var apart: [Double] = []
            for ((change, k), ask) in zip(zip(changes, starts), asked) {
                apart.append(max(times[k - 1] - change, change - times[k], 0))
                apart.append(max(ask.before - origin - change, change - (ask.after - origin), 0))
            }
            let late = apart.filter { $0 > Self.tolerance }
            // A machine that does something else for a moment may hold up one.
            #expect(late.count <= 1, "\(late)")
            if Machine.isLong { print("apart at most \((apart.max() ?? 0) * 1_000) ms in \(changes.count) changes") }
        }
    }
}
