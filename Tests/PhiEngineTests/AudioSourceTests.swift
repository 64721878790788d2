import Foundation
import PhiModel
import Testing

@testable import PhiEngine

@Suite("Audio engine")
struct AudioSourceTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func source(_ wave: WaveFile, settings: EngineSettings = EngineSettings()) throws -> AudioSource {
        try AudioSource(path: folder.write(wave.data, to: "wave.wav"), settings: settings)
    }

    @Test(
        "a steady tone is found at its frequency within 3 Hz, in its band only, at its level",
        arguments: [
            (30.0, 0, 48_000), (60, 0, 44_100), (85, 0, 48_000), (100, 1, 48_000), (147, 2, 48_000), (200, 2, 44_100),
            (300, 3, 48_000), (440, 4, 44_100), (440, 4, 48_000), (800, 5, 48_000), (1_400, 6, 44_100),
            (2_000, 7, 48_000),
        ])
    func tones(frequency: Double, band: Int, rate: Int) throws {
        let source = try source(.tone(frequency, rate: rate, channels: 2, seconds: 2))
        var state = EngineState()
        try source.advance(to: 1.5, into: &state)
        var before = state
        try source.advance(to: 1.5 + 20 * source.sampleInterval, into: &state)
        #expect(abs(state.channels[band].frequency - frequency) < 3)
        // A loud band settles at the gain's target.
        #expect((0.8...1).contains(state.channels[band].amplitude))
        for k in 0..<8 where k != band { #expect(state.channels[k].amplitude < 0.1, "channel \(k)") }
        // RMS of a sine of 0.5: 0.35355; 2φ times that is 1.1441. A hop holds less than a cycle under 94 Hz, and the
        // envelope rises faster than it falls, so there it stands higher.
        #expect(abs(state.phi.depth - 1.1441) < (frequency < 94 ? 0.2 : 0.03))
        #expect(state.phi.mode == .audio)
        // 20 hops at f / 128.
        let turn = Angle.turn * frequency / 128 * 20 * 512 / 48_000
        let measured = Angle.difference(from: before.channels[band].phase, to: state.channels[band].phase)
        #expect(abs(Angle.difference(from: turn, to: measured)) < 0.02)
        // The lane swings as high as the amplitude says.
        let peak = (0..<512).map { abs(state.waveforms[band, $0]) }.max() ?? 0
        #expect(peak > 0.6 && peak <= 1)
        var sanitizer = StateSanitizer()
        sanitizer.sanitize(&state)
        sanitizer.sanitize(&before)
        #expect(sanitizer.clampedCount + sanitizer.replacedCount == 0)
    }

    @Test("stereo of floats is not louder than mono of integers")
    func mixdown() throws {
        var depths: [Double] = []
        for (channels, isFloat) in [(1, false), (2, false), (1, true), (2, true), (6, true)] {
            let wave = WaveFile.tone(330, amplitude: 0.3, channels: channels, isFloat: isFloat, seconds: 1)
            var state = EngineState()
            try source(wave).advance(to: 0.9, into: &state)
            depths.append(state.phi.depth)
        }
        // 2φ · 0.3 / √2.
        for depth in depths.dropLast() { #expect(abs(depth - 0.6865) < 0.02) }
        #expect(depths[4] > 0.3 && depths[4] < 0.75)
    }

    @Test("two tones are two channels, and a tone that is half as high is about half as high")
    func envelope() throws {
        let wave = WaveFile(seconds: 3) { t in
            (t < 1.5 ? 0.4 : 0.2) * sin(2 * .pi * 300 * t) + 0.2 * sin(2 * .pi * 1_200 * t)
        }
        let source = try source(wave)
        var loud = EngineState(), soft = EngineState()
        try source.advance(to: 1.45, into: &loud)
        try source.advance(to: 1.95, into: &soft)
        #expect(abs(loud.channels[3].frequency - 300) < 3)
        #expect(abs(loud.channels[6].frequency - 1_200) < 3)
        #expect((0.4...0.6).contains(soft.channels[3].amplitude / loud.channels[3].amplitude))
        #expect((0.9...1.15).contains(soft.channels[6].amplitude / loud.channels[6].amplitude))
        // Between two lines of equal height weighted by 2 and 1: their magnitudes are 0.4 and 0.2.
        #expect(abs(loud.spectralCentroid - 600) < 60)
    }

    @Test("silence is silent")
    func silence() throws {
        let source = try source(WaveFile(seconds: 1) { _ in 0 })
        var state = EngineState()
        try source.advance(to: 3, into: &state)
        for k in 0..<8 {
            #expect(state.channels[k].amplitude == 0)
            for n in 0..<512 where state.waveforms[k, n] != 0 { Issue.record("lane \(k) moves") }
        }
        #expect(state.ici == 0 && state.coherence == 0 && state.spectralCentroid == 0 && state.criticality == 0)
        #expect(state.phi.depth == 0.618)
        #expect(state.label == .coma)
    }

    @Test("a noise under −80 dB is not raised into a picture")
    func noiseFloor() throws {
        var generator = SeededGenerator(seed: 1)
        let source = try source(WaveFile(isFloat: true, seconds: 2) { _ in 1e-4 * generator.signed() })
        var state = EngineState()
        try source.advance(to: 1.9, into: &state)
        for k in 0..<8 { #expect(state.channels[k].amplitude < 0.05) }
    }

    @Test("Φ: attack 10 ms, release 100 ms, rest after 2 s of silence")
    func phiFollower() {
        // Updates of 1 ms: the time constants by their definition, 1 − 1/e of the way.
        var follower = PhiFollower(interval: 0.001)
        #expect(follower.depth == 0.618)
        for _ in 0..<10 { follower.update(rms: 0.4) }
        #expect(abs(follower.envelope - 0.4 * 0.632) < 0.001)
        for _ in 0..<490 { follower.update(rms: 0.4) }
        #expect(abs(follower.depth - 1.2944) < 0.001)
        for _ in 0..<100 { follower.update(rms: 0) }
        #expect(abs(follower.envelope - 0.4 * 0.368) < 0.001)
        for _ in 0..<1_890 { follower.update(rms: 0) }
        #expect(follower.depth < 0.001)
        for _ in 0..<510 { follower.update(rms: 0) }
        #expect(abs(follower.depth - 0.618 * 0.632) < 0.01)
        for _ in 0..<4_000 { follower.update(rms: 0) }
        #expect(abs(follower.depth - 0.618) < 0.001)
        for _ in 0..<2_000 { follower.update(rms: 1) }
        #expect(follower.depth == GoldenRatio.phi)
    }

    @Test("equal files give equal states, bit for bit, in one step or in many")
    func determinism() throws {
        var generator = SeededGenerator(seed: 5)
        let wave = WaveFile(rate: 44_100, channels: 2, seconds: 0.7) {
            0.3 * sin(2 * .pi * 220 * $0) + 0.1 * generator.signed()
        }
        var once = EngineState(), many = EngineState()
        try source(wave).advance(to: 2, into: &once)
        let stepped = try source(wave)
        for n in 0...400 { try stepped.advance(to: Double(n) / 200, into: &many) }
        #expect(fingerprint(once) == fingerprint(many))
        #expect(once.frameID == 187)
    }

    @Test("a steady tone's lane stands still from state to state")
    func standingLane() throws {
        let source = try source(.tone(1_000, seconds: 2))
        var a = EngineState(), b = EngineState()
        try source.advance(to: 1, into: &a)
        try source.advance(to: 1 + source.sampleInterval, into: &b)
        // 1000 Hz turns 10.67 times in a hop, so an unaligned lane would be a third of a cycle off.
        let worst = (0..<512).map { abs(a.waveforms[6, $0] - b.waveforms[6, $0]) }.max() ?? 1
        #expect(worst < 0.2)
    }

    @Test("a muted channel stays muted")
    func muted() throws {
        var settings = EngineSettings()
        settings.channels[4].enabled = false
        let source = try source(.tone(440, seconds: 1), settings: settings)
        var state = EngineState()
        try source.advance(to: 0.9, into: &state)
        #expect(!state.channels[4].enabled)
        #expect(state.channels[4].audibleAmplitude == 0)
    }

    @Test("bands are a factor φ wide, and meet")
    func bands() {
        for k in 1..<8 {
            #expect(FibonacciBands.range(k).lowerBound == FibonacciBands.range(k - 1).upperBound)
            let width = FibonacciBands.edges[k + 1] / FibonacciBands.edges[k]
            #expect(abs(width - GoldenRatio.phi) < 0.01)
            #expect(FibonacciBands.index(of: FibonacciBands.center(k)) == k)
        }
        #expect(FibonacciBands.index(of: 19.9) == nil)
        #expect(FibonacciBands.index(of: 2_584) == nil)
    }

    @Test("a real piece of music lives", .enabled(if: FileManager.default.fileExists(atPath: music)))
    func realMusic() throws {
        let source = try AudioSource(path: music)
        #expect(source.name == "audio:introzik.ogg")
        #expect(source.sampleRate == 48_000 && source.bufferSize == 512)
        var state = EngineState()
        var sanitizer = StateSanitizer()
        var loud = 0, ici: [Double] = []
        for n in 1...200 {
            try source.advance(to: Double(n) / 20, into: &state)
            sanitizer.sanitize(&state)
            for k in 0..<8 where state.channels[k].amplitude > 0.3 { loud += 1 }
            ici.append(state.ici)
        }
        #expect(sanitizer.clampedCount + sanitizer.replacedCount == 0)
        #expect(loud > 200)
        #expect((ici.max() ?? 0) - (ici.min() ?? 0) > 0.1)
        #expect(state.nyquist == 24_000)
    }
}

/// From Debian's package frozen-bubble-data.
let music = "/usr/share/games/frozen-bubble/snd/introzik.ogg"
