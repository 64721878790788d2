import PhiModel
import Testing

@testable import PhiEngine

@Suite("Synthetic engine")
struct SyntheticSourceTests {
    private func state(seed: UInt64, times: [Double]) -> EngineState {
        let source = SyntheticSource(seed: seed)
        var state = EngineState()
        for time in times { source.advance(to: time, into: &state) }
        return state
    }

    @Test("the same seed gives the same state, bit for bit, in one step or in many")
    func determinism() {
        let once = fingerprint(state(seed: 7, times: [5]))
        #expect(fingerprint(state(seed: 7, times: [5])) == once)
        let steps = stride(from: 0.0, through: 5, by: 0.0137).map { $0 } + [5, 5, 3]
        #expect(fingerprint(state(seed: 7, times: steps)) == once)
        #expect(fingerprint(state(seed: 8, times: [5])) != once)
    }

    @Test("samples are numbered, and due 120 times a second")
    func numbering() {
        let source = SyntheticSource(seed: 1)
        var state = EngineState()
        state.timestamp = 42
        source.advance(to: 0, into: &state)
        #expect(state.frameID == 0 && state.time == 0)
        source.advance(to: 1, into: &state)
        #expect(state.frameID == 120 && state.time == 1)
        source.advance(to: 1 + 0.9 / 120, into: &state)
        #expect(state.frameID == 120)
        source.advance(to: 1 + 1.0 / 120, into: &state)
        #expect(state.frameID == 121)
        source.advance(to: .nan, into: &state)
        #expect(state.frameID == 121)
        #expect(state.timestamp == 42)
    }

    @Test("for two minutes every value is in range, and the picture lives", arguments: [UInt64(0), 1, .max])
    func lives(seed: UInt64) {
        let source = SyntheticSource(seed: seed)
        var state = EngineState()
        var sanitizer = StateSanitizer()
        var ici: [Double] = [], coherence: [Double] = [], criticality: [Double] = []
        var appeared = 0, vanished = 0, hasNegative = false
        var before = InlineArray<64, Bool>(repeating: false)
        for n in 0...1200 {
            source.advance(to: Double(n) / 10, into: &state)
            sanitizer.sanitize(&state)
            ici.append(state.ici)
            coherence.append(state.coherence)
            criticality.append(state.criticality)
            for i in 0..<8 {
                for j in (i + 1)..<8 {
                    let link = CouplingLink(i, j, in: state)
                    if let link, link.coupling < 0 { hasNegative = true }
                    if (link != nil) != before[i * 8 + j], n > 0 {
                        if link != nil { appeared += 1 } else { vanished += 1 }
                    }
                    before[i * 8 + j] = link != nil
                }
            }
        }
        #expect(sanitizer.clampedCount + sanitizer.replacedCount == 0)
        func spread(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
        #expect(spread(ici) > 0.3)
        #expect(spread(coherence) > 0.5)
        #expect((0.1...0.6).contains(criticality.min() ?? 0))
        #expect((0.9...1.5).contains(criticality.max() ?? 0))
        #expect(appeared > 5 && vanished > 5)
        #expect(hasNegative)
    }

    @Test("settings shape it: frequency, mute, coupling, a held Φ")
    func settings() {
        var settings = EngineSettings(
            couplingStrength: 0, phi: PhiModulation(mode: .manual, phase: 1, depth: 0.7))
        settings.channels[0].frequency = 2
        settings.channels[3].enabled = false
        let source = SyntheticSource(seed: 3, settings: settings)
        var first = EngineState(), second = EngineState()
        source.advance(to: 0, into: &first)
        source.advance(to: 1.125, into: &second)
        #expect(second.phi == settings.phi)
        #expect(second.criticality == 0)
        // Uncoupled, 2 Hz turn 2.25 times.
        #expect(abs(Angle.difference(from: first.channels[0].phase, to: second.channels[0].phase) - .pi / 2) < 1e-9)
        #expect(!second.channels[3].enabled)
        #expect((0..<512).allSatisfy { second.waveforms[3, $0] == 0 })
        #expect((0..<512).contains { abs(second.waveforms[2, $0]) > 0.1 })
    }

    @Test("the centroid is the mean frequency weighted by amplitude; Nyquist is half of 120 Hz")
    func centroid() {
        var settings = EngineSettings(phi: PhiModulation(mode: .manual, depth: 0))
        for k in 2..<8 { settings.channels[k].enabled = false }
        settings.channels[0].frequency = 4
        settings.channels[1].frequency = 10
        let source = SyntheticSource(seed: 3, settings: settings)
        var state = EngineState()
        source.advance(to: 2, into: &state)
        let (a, b) = (state.channels[0].amplitude, state.channels[1].amplitude)
        #expect(abs(state.spectralCentroid - (4 * a + 10 * b) / (a + b)) < 1e-9)
        #expect(state.nyquist == 60)
    }

    @Test("a muted engine is silent and finite")
    func allMuted() {
        var settings = EngineSettings()
        for k in 0..<8 { settings.channels[k].enabled = false }
        let source = SyntheticSource(seed: 3, settings: settings)
        var state = EngineState()
        source.advance(to: 2, into: &state)
        var sanitizer = StateSanitizer()
        sanitizer.sanitize(&state)
        #expect(sanitizer.clampedCount + sanitizer.replacedCount == 0)
        #expect(state.coherence == 0 && state.ici == 0 && state.spectralCentroid == 0)
    }
}
