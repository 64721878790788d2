import Foundation
import PhiModel
import Testing

@testable import PhiEngine

@Suite("Other settings on a running engine")
struct SettingsChangeTests {
    private static var other: EngineSettings {
        var settings = EngineSettings(
            couplingStrength: 0.3,
            phi: PhiModulation(mode: .manual, phase: 3, depth: 1.4, breathingRate: 1))
        for k in settings.channels.indices {
            settings.channels[k].frequency *= 0.4
            settings.channels[k].amplitude = 0.8
        }
        settings.channels[5].enabled = false
        return settings
    }

    /// The states around a change at 2 s, each sample from 1 s to 4 s.
    private func states(changes: [(Double, EngineSettings)] = [(2, other)]) -> [EngineState] {
        let source = SyntheticSource(seed: 3)
        var states: [EngineState] = []
        var remaining = changes[...]
        var state = EngineState()
        for n in 120...480 {
            let time = Double(n) / 120
            if let next = remaining.first, time > next.0 {
                source.apply(next.1)
                remaining.removeFirst()
            }
            source.advance(to: time, into: &state)
            states.append(state)
        }
        return states
    }

    @Test("nothing jumps: no value moves faster between two samples than the glide allows")
    func continuity() throws {
        let all = states()
        for (before, after) in zip(all, all.dropFirst()) {
            let time = after.time
            for k in before.channels.indices {
                let a = before.channels[k], b = after.channels[k]
                #expect(abs(log(b.frequency / a.frequency)) < 0.015, "frequency of \(k) at \(time)")
                #expect(abs(b.audibleAmplitude - a.audibleAmplitude) < 0.03, "amplitude of \(k) at \(time)")
                let turn = abs(Angle.difference(from: a.phase, to: b.phase))
                #expect(turn < 2 * .pi * 20 / 120 + 0.1, "phase of \(k) at \(time)")
            }
            #expect(abs(after.couplingStrength - before.couplingStrength) < 0.04, "strength at \(time)")
            #expect(abs(after.phi.depth - before.phi.depth) < 0.03, "depth at \(time)")
            #expect(
                abs(Angle.difference(from: before.phi.phase, to: after.phi.phase)) < 0.1, "Φ phase at \(time)")
            let breath = abs(after.phi.breathing(at: after.time) - before.phi.breathing(at: before.time))
            #expect(breath < 0.06, "breathing at \(time)")
        }
    }

    @Test("a second after the change the new settings hold")
    func arrival() throws {
        let end = try #require(states().last)
        let other = Self.other
        for k in end.channels.indices {
            #expect(end.channels[k].frequency == other.channels[k].frequency)
            #expect(end.channels[k].enabled == (k != 5))
        }
        #expect(end.phi.mode == .manual && end.phi.phase == 3 && end.phi.depth == 1.4)
        #expect(end.phi.breathingRate == 1)
        #expect(abs(end.couplingStrength - 0.3 * (0.1 + 2 * 1.4)) < 1e-9)
    }

    @Test("the same changes at the same samples give the same states, bit for bit")
    func determinism() {
        #expect(states().map(fingerprint) == states().map(fingerprint))
    }

    @Test("a change in the middle of a change, and back to a Φ that swings, are no jumps either")
    func again() {
        let all = states(changes: [
            (2, Self.other), (2.4, EngineSettings()), (2.5, Self.other), (2.6, EngineSettings()),
        ])
        for (before, after) in zip(all, all.dropFirst()) {
            #expect(abs(after.phi.depth - before.phi.depth) < 0.05)
            #expect(abs(Angle.difference(from: before.phi.phase, to: after.phi.phase)) < 0.15)
            for k in before.channels.indices {
                #expect(abs(log(after.channels[k].frequency / before.channels[k].frequency)) < 0.015)
                #expect(abs(after.channels[k].audibleAmplitude - before.channels[k].audibleAmplitude) < 0.03)
            }
        }
        #expect(all.last?.phi.mode == .internal)
        #expect(all.last?.channels[0].frequency == 0.5)
    }

    @Test("the audio engine takes strength, breathing and muted channels over, and keeps what it hears")
    func audio() throws {
        let folder = try ScratchFolder()
        let wave = try folder.write(WaveFile.tone(440, seconds: 3).data, to: "tone.wav")
        let changed = try AudioSource(path: wave), steady = try AudioSource(path: wave)
        var a = EngineState(), b = EngineState()
        try changed.advance(to: 0.5, into: &a)
        changed.apply(Self.other)
        try changed.advance(to: 2, into: &a)
        try steady.advance(to: 2, into: &b)
        #expect(a.phi.mode == .audio && a.phi.breathingRate == 1 && a.phi.depth == b.phi.depth)
        #expect(a.couplingStrength == 0.3 && !a.channels[5].enabled)
        for k in a.channels.indices {
            #expect(a.channels[k].frequency == b.channels[k].frequency)
            #expect(a.channels[k].amplitude == (k == 5 ? 0 : b.channels[k].amplitude))
        }
    }

    @Test("a channel that an audio engine hears fades where it is muted, and fades in again, also half-way")
    func audioMute() throws {
        let folder = try ScratchFolder()
        let wave = try folder.write(WaveFile.tone(440, seconds: 3).data, to: "tone.wav")
        let source = try AudioSource(path: wave)
        var state = EngineState()
        try source.advance(to: 2, into: &state)
        // The loudest, which hears the tone.
        let loudest = try #require((0..<8).max { state.channels[$0].amplitude < state.channels[$1].amplitude })
        #expect(state.channels[loudest].amplitude > 0.5)
        var muted = EngineSettings()
        muted.channels[loudest].enabled = false
        func height(_ state: EngineState) -> Double {
            Double((0..<512).map { abs(state.waveforms[loudest, $0]) }.max() ?? 0)
        }
        var changes = [(2.1, muted), (3.5, EngineSettings()), (5.0, muted), (5.4, EngineSettings()), (5.6, muted)][...]
        var before = state
        for n in 188...660 {
            let time = Double(n) * source.sampleInterval
            if let next = changes.first, time > next.0 {
                source.apply(next.1)
                changes.removeFirst()
            }
            try source.advance(to: time, into: &state)
            let a = before.channels[loudest], b = state.channels[loudest]
            #expect(abs(b.audibleAmplitude - a.audibleAmplitude) < 0.05, "amplitude at \(time)")
            #expect(abs(height(state) - height(before)) < 0.06, "lane at \(time)")
            // What comes back begins where it ended.
            if a.enabled != b.enabled { #expect(abs(b.amplitude - a.amplitude) < 0.05, "at \(time)") }
            if (3.2...3.4).contains(time) { #expect(!b.enabled && b.amplitude == 0 && height(state) == 0) }
            if (4.6...4.9).contains(time) { #expect(b.enabled && b.amplitude > 0.5 && height(state) > 0.3) }
            before = state
        }
        #expect(!state.channels[loudest].enabled)
    }
}
