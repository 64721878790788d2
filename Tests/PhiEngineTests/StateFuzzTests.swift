import Foundation
import Fuzz
import PhiModel
import Testing

@testable import PhiEngine

@Suite(.timeLimit(.minutes(12)))
struct StateFuzzTests {
    /// A state as `/api/state` takes it, and lines as recorders and other servers write them.
    private static let messages: [String] = {
        var state = EngineState()
        state.timestamp = 1_700_000_000.5
        let figures = StateFigures(TimedState(state: state))
        var line: [UInt8] = []
        StateLine.appendMetrics(figures, at: 1.25, to: &line)
        return [
            String(decoding: line, as: UTF8.self),
            #"{"timestamp":1.5,"frequencies":[1,2,3,4,5,6,7,8],"amplitudes":[0,1,0,1,0,1,0,1],"phases":[0,0,0,0,0,0,0,6.2]}"#,
            #"{"t":0.5,"ici":0.5,"phase_coherence":0.5,"criticality":1,"state":"IDLE","phi_phase":1,"phi_depth":0.5}"#,
            #"{"channels":[{"frequency":1,"amplitude":0.5,"phase":1,"enabled":true}],"coupling":[[0,1],[1,0]],"phi":{"depth":1}}"#,
            #"{"channel_metrics":{"frequencies":[1],"amplitudes":[1],"phases":[1]},"coherence":0.5,"is_paused":false}"#,
        ]
    }()

    @Test("Damaged states are refused in words, or become states of which every figure is finite and in range")
    func states() throws {
        var sanitizer = StateSanitizer()
        let report = try FuzzRun("states", seed: 31).run(short: 6_000) { n, random in
            let json = Data(Damage.json(random.one(of: Self.messages), using: &random))
            _ = try? StateDocument(json: json)
            let reading: StateReading
            do throws(StateDocumentError) { reading = try StateReading(json: json) } catch {
                if "\(error)".isEmpty { Issue.record("input \(n): no word of why") }
                return false
            }
            var state = reading.state
            sanitizer.sanitize(&state)
            let values = state.channels.indices.flatMap {
                [state.channels[$0].frequency, state.channels[$0].amplitude, state.channels[$0].phase]
            }
            let figures = values + [state.ici, state.coherence, state.criticality, state.phi.phase, state.phi.depth]
            if !figures.allSatisfy(\.isFinite) || !(0...1).contains(state.ici) {
                Issue.record("input \(n): \(String(decoding: json, as: UTF8.self))")
            }
            return true
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")
    }

    @Test("Damaged recordings are refused, or played to their end without a step back in time")
    func recordings() throws {
        let files = try SessionFiles()
        try files.record(seconds: 0.1)
        let sound = try Data(contentsOf: URL(filePath: files.folder + "/metrics.jsonl"))
        let lines = sound.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        let report = try FuzzRun("recordings", seed: 32).run(short: 100) { n, random in
            var damaged = lines.map { Array($0.utf8) }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<lines.count, using: &random)
                damaged[place] = Damage.json(lines[place], using: &random)
            }
            if random.chance(10) { damaged = [random.bytes(200)] }
            try Data(damaged.joined(separator: [10])).write(to: URL(filePath: files.folder + "/metrics.jsonl"))
            let found: SessionLines
            do { found = try SessionLines(path: files.folder + "/metrics.jsonl") } catch is EngineError { return false }
            var last = -Double.infinity
            for time in [found.first.time - 1, found.first.time, found.first.time + 0.03, 0.45, found.last.time, 1e300]
            {
                let around = try found.samples(around: time)
                if let after = around.after, after.time <= around.before.time {
                    Issue.record("input \(n): back in time")
                }
                last = max(last, around.before.time)
            }
            return true
        }
        #expect(
            !FuzzRun.isWhole || report.accepted > report.count / 50 && report.refused > report.count / 50, "\(report)")
    }
}
