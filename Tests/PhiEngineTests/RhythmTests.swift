import Foundation
import PhiModel
import Testing

@testable import PhiEngine

@Suite struct RhythmTests {
    /// Clicks: 5 ms of a decaying tone.
    private func clicks(bpm: Double, seconds: Double, noise: Double = 0) -> WaveFile {
        var generator = SeededGenerator(seed: 5)
        return WaveFile(seconds: seconds) { t in
            let since = t.truncatingRemainder(dividingBy: 60 / bpm)
            let click = since < 0.03 ? 0.6 * exp(-since * 200) * sin(2 * .pi * 1_500 * since) : 0
            return click + noise * generator.signed()
        }
    }

    private func states(_ wave: WaveFile, seconds: Double) throws -> [SoundFigures] {
        let folder = try ScratchFolder()
        let source = try AudioSource(path: try folder.write(wave.data, to: "a.wav"))
        var figures: [SoundFigures] = []
        var state = EngineState()
        let count = Int(seconds / source.sampleInterval)
        for n in 1...count {
            try source.advance(to: Double(n) * source.sampleInterval, into: &state)
            figures.append(state.sound)
        }
        return figures
    }

    @Test("the tempo of clicks is felt to 2 %", arguments: [60.0, 83, 100, 120, 128, 140, 174, 200])
    func tempo(bpm: Double) throws {
        let last = try #require(try states(clicks(bpm: bpm, seconds: 16), seconds: 15).last)
        #expect(abs(last.tempo / bpm - 1) < 0.02, "felt \(last.tempo)")
        #expect(last.confidence > 0.5)
    }

    @Test("noise beside the clicks does not hide them", arguments: [96.0, 125])
    func tempoInNoise(bpm: Double) throws {
        let last = try #require(try states(clicks(bpm: bpm, seconds: 16, noise: 0.02), seconds: 15).last)
        #expect(abs(last.tempo / bpm - 1) < 0.02, "felt \(last.tempo)")
    }

    @Test("each click is one onset, found within 35 ms")
    func onsets() throws {
        let figures = try states(clicks(bpm: 120, seconds: 11), seconds: 10)
        var times: [Double] = []
        for n in figures.indices.dropFirst() where figures[n].onsets > figures[n - 1].onsets {
            times.append(Double(n + 1) * SoundAnalysis.interval)
        }
        #expect((19...21).contains(times.count), "\(times)")
        for time in times {
            let late = time.truncatingRemainder(dividingBy: 0.5)
            #expect(late < 0.035 || late > 0.49, "\(time)")
        }
    }

    @Test("beats fall on the clicks")
    func beats() throws {
        let figures = try states(clicks(bpm: 120, seconds: 21), seconds: 20)
        var errors: [Double] = []
        for n in figures.indices.dropFirst(1_200) where figures[n].beats > figures[n - 1].beats {
            let time = Double(n + 1) * SoundAnalysis.interval
            var error = time.truncatingRemainder(dividingBy: 0.5)
            if error > 0.25 { error -= 0.5 }
            errors.append(error)
        }
        #expect((13...15).contains(errors.count))
        for error in errors { #expect(abs(error) < 0.03) }
    }

    @Test("silence, a steady tone and steady noise have no beat")
    func nothing() throws {
        var generator = SeededGenerator(seed: 9)
        let silence = WaveFile(seconds: 12) { _ in 0 }
        let noise = WaveFile(seconds: 12) { _ in 0.2 * generator.signed() }
        for (name, wave, most) in [("silence", silence, 0), ("tone", .tone(440, seconds: 12), 2), ("noise", noise, 12)]
        {
            let last = try #require(try states(wave, seconds: 11).last)
            #expect(last.onsets <= UInt64(most), "\(name): \(last.onsets)")
            #expect(last.confidence < 0.4, "\(name): \(last.tempo)")
        }
    }

    @Test("a sine of 0.3 gives the envelope and the depth of domain §6, attack 10 ms, release 100 ms")
    func envelope() throws {
        let wave = WaveFile(seconds: 4) { $0 < 2 ? 0.3 * sin(2 * .pi * 440 * $0) : 0 }
        let figures = try states(wave, seconds: 3.5)
        func at(_ time: Double) -> Double { figures[Int(time / SoundAnalysis.interval) - 1].envelope }
        let rms = 0.3 / 2.0.squareRoot()
        // Hops hold no whole number of waves.
        #expect(abs(at(1.5) - rms) < 0.004)
        // 63 % of the way after 10 ms, to the hop.
        #expect(at(0.035) > 0.85 * rms)
        let left = at(2.1 + 0.5 * SoundAnalysis.interval) / rms
        #expect(abs(left - exp(-1)) < 0.06, "\(left)")
    }

    @Test("values that are no numbers are taken for silence, and counted")
    func notNumbers() throws {
        let wave = WaveFile(isFloat: true, seconds: 2) { t in
            t > 0.5 && t < 0.6 ? .nan : t > 1 && t < 1.1 ? 1e30 : 0.3 * sin(t * 3_000)
        }
        let folder = try ScratchFolder()
        let source = try AudioSource(path: try folder.write(wave.data, to: "a.wav"))
        var state = EngineState()
        try source.advance(to: 1.9, into: &state)
        #expect(state.ici.isFinite && state.coherence.isFinite && state.channels[2].amplitude.isFinite)
        #expect((source.health.counts["mended_samples"] ?? 0) > 9_000)
    }

    @Test("a file is played from where it is told, as fast as it is told, and once where it is told so")
    func playback() throws {
        let wave = WaveFile(seconds: 4) { t in t < 2 ? 0 : 0.5 * sin(2 * .pi * 300 * t) }
        let folder = try ScratchFolder()
        var options = AudioOptions(path: try folder.write(wave.data, to: "a.wav"))
        options.playback.start = 2
        func source() throws -> AudioSource { try AudioSource(options) }
        func state(_ source: AudioSource, at time: Double) throws -> EngineState {
            var state = EngineState()
            try source.advance(to: time, into: &state)
            return state
        }
        #expect(try state(source(), at: 0.5).sound.envelope > 0.3)
        options.playback.start = 0
        options.playback.speed = 2
        #expect(try state(source(), at: 0.9).sound.envelope < 0.01)
        let fast = try state(source(), at: 1.5)
        #expect(fast.sound.envelope > 0.3)
        // An octave higher.
        #expect((0..<8).contains { abs(fast.channels[$0].frequency - 600) < 10 })
        options.playback.loops = false
        options.playback.speed = 1
        let once = try source()
        #expect(try state(once, at: 5).sound.envelope < 0.001)
        #expect(once.health.detail?.contains("to its end") == true)
        #expect(abs(try SoundReader.seconds(options) - 4) < 0.01)
    }
}
