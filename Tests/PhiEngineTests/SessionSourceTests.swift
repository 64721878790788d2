import Foundation
import PhiModel
import Testing

@testable import PhiEngine

/// A folder with the files of a session.
struct SessionFiles: ~Copyable {
    let folder = FileManager.default.temporaryDirectory.appending(path: "phi-session-\(UUID())").path

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    /// What a synthetic engine did, as a recorder writes it.
    func record(seconds: Double, rate: Double = 120, from start: Double = 0.4) throws {
        let source = SyntheticSource(seed: 5)
        var state = EngineState()
        var metrics: [UInt8] = [], phi: [UInt8] = []
        for n in 0...Int(seconds * rate) {
            let t = start + Double(n) / rate
            source.advance(to: Double(n) / rate + 3, into: &state)
            let figures = StateFigures(TimedState(state: state))
            StateLine.appendMetrics(figures, at: t, to: &metrics)
            StateLine.appendPhi(figures, at: t, to: &phi)
            metrics.append(10)
            phi.append(10)
        }
        try write(String(decoding: metrics, as: UTF8.self), "metrics.jsonl")
        try write(String(decoding: phi, as: UTF8.self), "phi.jsonl")
    }

    func source(_ options: String = "") throws -> SessionSource {
        try SessionSource(SessionOptions(parsing: folder + options))
    }
}

@Suite("Session engine")
struct SessionSourceTests {
    private func state(_ source: SessionSource, at time: Double) throws -> EngineState {
        var state = EngineState()
        try source.advance(to: time, into: &state)
        return state
    }

    @Test("plays what was recorded, with its timing and its breathing")
    func plays() throws {
        let files = try SessionFiles()
        try files.record(seconds: 4)
        let source = try files.source()
        #expect(abs((source.duration ?? 0) - 4) < 1e-6 && source.health.condition == .running)
        #expect(source.health.detail == nil)
        let original = SyntheticSource(seed: 5)
        var expected = EngineState()
        for time in [0.0, 0.5, 1.75, 3.9] {
            original.advance(to: 3 + time, into: &expected)
            let played = try state(source, at: time)
            #expect(abs(played.time - time) < 1e-9)
            for k in 0..<8 {
                #expect(abs(played.channels[k].amplitude - expected.channels[k].amplitude) < 1e-4)
                #expect(abs(Angle.difference(from: played.channels[k].phase, to: expected.channels[k].phase)) < 1e-3)
                #expect(abs(played.channels[k].frequency - expected.channels[k].frequency) < 1e-4)
            }
            #expect(abs(played.coupling[1, 4] - expected.coupling[1, 4]) < 1e-4)
            #expect(abs(played.ici - expected.ici) < 1e-4 && abs(played.coherence - expected.coherence) < 1e-4)
            #expect(abs(played.breathing - expected.breathing) < 1e-3)
            #expect(abs(played.phi.depth - expected.phi.depth) < 1e-4 && played.label == expected.label)
        }
    }

    @Test("gives the same states, bit for bit, in however many steps, and after a loop")
    func deterministic() throws {
        let files = try SessionFiles()
        try files.record(seconds: 2)
        let many = try files.source("?loop=1"), once = try files.source("?loop=1")
        var state = EngineState()
        for n in 0...600 { try many.advance(to: Double(n) / 120, into: &state) }
        let direct = try self.state(once, at: 5)
        #expect(fingerprint(state) == fingerprint(direct) && state.frameID == 600)
    }

    @Test("goes from its end to its beginning without a jump")
    func seam() throws {
        let files = try SessionFiles()
        try files.record(seconds: 2)
        let source = try files.source()
        var before = try state(source, at: 1.9)
        for n in 1...120 {
            let next = try state(source, at: 1.9 + Double(n) / 120)
            for k in 0..<8 {
                #expect(abs(next.channels[k].amplitude - before.channels[k].amplitude) < 0.03)
            }
            before = next
        }
    }

    @Test("speed, start and the end")
    func options() throws {
        let files = try SessionFiles()
        try files.record(seconds: 4)
        let plain = try files.source(), fast = try files.source("?speed=2&start=1&loop=0")
        #expect(abs((fast.duration ?? 0) - 1.5) < 1e-6)
        let a = try state(plain, at: 2.5), b = try state(fast, at: 0.75)
        for k in 0..<8 {
            #expect(abs(Angle.difference(from: a.channels[k].phase, to: b.channels[k].phase)) < 1e-6)
        }
        let end = try state(fast, at: 60), later = try state(fast, at: 61)
        #expect(end.ici == later.ici && later.frameID > end.frameID)
        #expect(fast.health.detail?.contains("has ended") == true)
        for text in ["?speed=0", "?speed=x", "?loop=2", "?start=-1", "?start=4.5", "?colour=red"] {
            #expect(throws: EngineError.self, "\(text)") { try files.source(text) }
        }
    }

    @Test("a torn last line is told and left out; damaged lines are passed over and counted")
    func torn() throws {
        let files = try SessionFiles()
        try files.record(seconds: 1)
        let path = "\(files.folder)/metrics.jsonl"
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        let whole = try state(try files.source(), at: 0.75)
        lines[30] = "{\"t\":0.66,\"ici\":"
        lines[31] = "nothing"
        lines[120].removeLast(9)
        try files.write(lines.joined(separator: "\n"), "metrics.jsonl")
        let source = try files.source()
        #expect(source.health.detail?.contains("never finished") == true)
        #expect(abs((source.duration ?? 0) - 119.0 / 120) < 1e-6)
        #expect(fingerprint(try state(source, at: 0.75)) == fingerprint(whole))
        let slow = try files.source()
        for n in 0...90 { _ = try state(slow, at: Double(n) / 120) }
        #expect(fingerprint(try state(slow, at: 0.75)) == fingerprint(whole))
        #expect(slow.health.counts["unreadable_lines"] == 2)
    }

    @Test("what is missing is told: Φ alone, or everything")
    func missing() throws {
        let files = try SessionFiles()
        #expect(throws: EngineError.self) { try files.source() }
        try files.write("{\"ici\":0.5}\n", "metrics.jsonl")
        #expect(throws: EngineError.self) { try files.source() }
        try files.write(
            "{\"t\":1,\"ici\":0.5,\"phi_depth\":1}\n{\"t\":2,\"ici\":0.7,\"phi_depth\":1}\n", "metrics.jsonl")
        let source = try files.source()
        #expect(source.health.detail?.contains("phi.jsonl") == true)
        // Half a second is the longest gap that is bridged.
        #expect(abs(try state(source, at: 0.4).ici - 0.5) < 1e-9)
        #expect(try state(source, at: 0.4).phi.depth == 1)
        var caught: EngineError?
        do { _ = try SessionSource(SessionOptions(parsing: "nowhere"), sessions: "/none") } catch {
            caught = error as? EngineError
        }
        #expect(caught?.kind == .unreadableInput && caught?.description.contains("/none/nowhere") == true)
    }
}
