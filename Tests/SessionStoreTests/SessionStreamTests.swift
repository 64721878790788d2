import Foundation
import Handoff
import JSONLines
import PhiModel
import Testing

@testable import SessionStore

@Suite("Session streams", .timeLimit(.minutes(2)))
struct SessionStreamTests {
    private func rows(_ path: String) throws -> [[String: Any]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private func sample(_ number: UInt64, at microseconds: UInt64) -> StateFigures {
        var state = EngineState()
        state.frameID = number
        state.time = Double(number) / 120
        state.timestamp = 1_700_000_000 + state.time
        state.ici = 0.25
        state.channels[3].enabled = false
        state.coupling[1, 2] = -0.5
        state.phi.mode = .manual
        state.phi.depth = 1.25
        return StateFigures(TimedState(state: state, monotonic: microseconds))
    }

    @Test("every sample is a line, on the clock of the frames; samples nobody wants are not kept")
    func lines() async throws {
        try await withRecorder { recorder, camera, folder in
            camera.samples.offer(sample(1, at: 1))
            let session = try recorder.start()
            #expect(try await eventually { camera.samples.demand.isWanted })
            let first = MonotonicClock.microseconds
            for n in 0..<240 as Range<UInt64> {
                camera.samples.offer(sample(n + 10, at: first + n * 1_000_000 / 120))
                // The ring holds more than these, but a slow machine is slower than all of them at once.
                if n % 60 == 59 { try await Task.sleep(for: .milliseconds(200)) }
            }
            // Standing still, and faster than 120 a second: neither is another line.
            camera.samples.offer(sample(249, at: first + 3_000_000))
            camera.samples.offer(sample(250, at: first + 2_000_000))
            camera.samples.offer(sample(251, at: first + 2_001_000))
            try camera.take(10)
            #expect(try await eventually { recorder.session?.streams?.first?.lines == 241 })
            let done = try await recorder.stop()
            #expect(!camera.samples.demand.isWanted && done.lostSamples == 0)
            let metrics = try rows("\(folder)/\(session.id)/metrics.jsonl")
            let phi = try rows("\(folder)/\(session.id)/phi.jsonl")
            #expect(metrics.count == 241 && phi.count == 241)
            let times = metrics.compactMap { $0["t"] as? Double }
            for (n, t) in times.dropLast().enumerated() { #expect(abs(t - times[0] - Double(n) / 120) < 1e-5) }
            #expect(times[0] > 0 && times[0] < 10)
            // The clock is the frames' own: the camera's pretend to be from another day.
            let video = try #require(done.videos.first?.start)
            #expect(abs((times[0] - video) * 1e6 - (Double(first) - 900_000_000_000)) < 5_000)
            let line = metrics[0]
            #expect(line["frame_id"] as? Int == 10 && line["ici"] as? Double == 0.25 && line["valid"] as? Bool == true)
            #expect(line["phi_mode"] as? String == "manual" && line["state"] as? String == "AWAKE")
            #expect(line["active_channels"] as? Int == 7)
            let channels = try #require(line["channel_metrics"] as? [[String: Any]])
            #expect(channels.count == 8 && channels[3]["active"] as? Bool == false)
            #expect((line["coupling"] as? [[Double]])?[2][1] == -0.5)
            #expect(phi[0]["phi_depth"] as? Double == 1.25 && phi[0]["breathing_rate"] as? Double == 1.5)
            let controls = try rows("\(folder)/\(session.id)/controls.jsonl")
            #expect(controls.count == 1 && controls[0]["scene"] as? String == "field")
            #expect(done.streams?.map(\.file) == ["metrics.jsonl", "phi.jsonl", "controls.jsonl"])
            #expect(done.streams?.map(\.lines) == [241, 241, 1])
            let sizes = try ["metrics.jsonl", "phi.jsonl", "controls.jsonl", "frames.mp4"].map {
                try #require(
                    try FileManager.default.attributesOfItem(atPath: "\(folder)/\(session.id)/\($0)")[.size] as? Int)
            }
            #expect(done.bytes == sizes.reduce(0, +))
            let space = try #require(recorder.space)
            #expect(space.bytes == done.bytes && space.bytesPerSecond > 0 && (space.hoursLeft ?? 0) > 0)
        }
    }

    @Test("what was written is on the disk within about a second, while it goes on")
    func flushed() async throws {
        try await withRecorder { recorder, camera, folder in
            let session = try recorder.start()
            #expect(try await eventually { camera.samples.demand.isWanted })
            camera.samples.offer(sample(1, at: MonotonicClock.microseconds))
            #expect(try await eventually { (try? rows("\(folder)/\(session.id)/metrics.jsonl").count) == 1 })
            #expect(recorder.isRecording)
        }
    }

    @Test("numbers have six decimals at most and never an exponent; what is none is null")
    func numbers() throws {
        var figures = StateFigures(TimedState())
        figures.ici = 1e-5
        figures.coherence = -0.0000001
        figures.criticality = .nan
        figures.spectralCentroid = 95_999.9999999
        figures.timestamp = 1_700_000_000.123456
        var line: [UInt8] = []
        StateLine.appendMetrics(figures, at: -0.25, to: &line)
        let text = String(decoding: line, as: UTF8.self)
        for part in [
            "{\"t\":-0.25,", "\"ici\":0.00001,", "\"coherence\":0,", "\"criticality\":null",
            "\"spectral_centroid\":96000,",
            "\"timestamp\":1700000000.123456,",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
    }
}

@Suite("Files of lines")
struct LineFileTests {
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "phi-lines-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(filePath: path))
        try body(path)
    }

    private func lines(_ reader: LineReader) throws -> [Int] {
        var counts: [Int] = []
        while let count = try reader.next({ $0.count }) { counts.append(count) }
        return counts
    }

    @Test("a torn last line is told and left out; one that is too long is passed over")
    func torn() throws {
        try withFile("abc\n\nde\nf") { path in
            let reader = try LineReader(path: path)
            #expect(try lines(reader) == [3, 0, 2] && reader.isTorn && reader.overlongCount == 0)
            try reader.seek(to: 4)
            #expect(try lines(reader) == [0, 2])
        }
        let long = String(repeating: "x", count: 3 << 20)
        try withFile("a\n\(long)\nbb\n") { path in
            let reader = try LineReader(path: path)
            #expect(try lines(reader) == [1, 2] && !reader.isTorn && reader.overlongCount == 1)
        }
        try withFile("") { path in
            let reader = try LineReader(path: path)
            #expect(try lines(reader).isEmpty && !reader.isTorn)
        }
        #expect(throws: LineFileError.self) { try LineReader(path: "/nowhere/x") }
    }

    @Test("a file that is there already is not written over")
    func present() throws {
        try withFile("a\n") { path in #expect(throws: LineFileError.self) { try LineWriter(path: path) } }
    }
}
