import PhiModel
import Testing

@Suite("Sanitizer, domain §1")
struct StateSanitizerTests {
    @Test("the defaults pass untouched")
    func untouched() {
        var sanitizer = StateSanitizer()
        var state = EngineState()
        state.coupling[2, 5] = -1
        state.waveforms[7, 511] = 1
        sanitizer.sanitize(&state)
        #expect(sanitizer.clampedCount + sanitizer.replacedCount == 0)
        #expect(state.valid)
        #expect(state.coupling[2, 5] == -1)
        #expect(state.waveforms[7, 511] == 1)
    }

    @Test("what is not finite is replaced and counted", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        var sanitizer = StateSanitizer()
        var state = EngineState()
        state.channels[3].frequency = value
        state.channels[4].amplitude = value
        state.channels[5].phase = value
        state.coupling[0, 1] = value
        state.waveforms[2, 100] = Float(value)
        state.phi.depth = value
        state.phi.phase = value
        state.ici = value
        state.spectralCentroid = value
        state.time = value
        sanitizer.sanitize(&state)
        #expect(!state.valid)
        #expect(sanitizer.replacedCount == 10)
        #expect(sanitizer.clampedCount == 0)
        #expect(isClose(state.channels[3].frequency, 2.118034, within: 1e-5))
        #expect(state.channels[4].amplitude == 0)
        #expect(state.channels[5].phase == GoldenRatio.channelOffset(5))
        #expect(state.coupling[0, 1] == 0 && state.coupling[1, 0] == 0)
        #expect(state.waveforms[2, 100] == 0)
        #expect(state.phi.depth == 0.618)
        #expect(state.ici == 0 && state.spectralCentroid == 0 && state.time == 0)
    }

    @Test("what is out of range is clamped and counted, and leaves the state valid")
    func outOfRange() {
        var sanitizer = StateSanitizer()
        var state = EngineState()
        state.channels[0].amplitude = -0.2
        state.channels[1].amplitude = 1e300
        state.channels[2].frequency = -5
        state.coupling[6, 7] = -16
        state.waveforms[1, 0] = 3
        state.phi.depth = 5
        state.phi.frequency = 0
        state.couplingStrength = 2.5
        state.coherence = 1.0000001
        state.criticality = -1
        sanitizer.sanitize(&state)
        #expect(sanitizer.clampedCount == 10)
        #expect(sanitizer.replacedCount == 0)
        #expect(state.valid)
        #expect(state.channels[0].amplitude == 0 && state.channels[1].amplitude == 1)
        #expect(state.channels[2].frequency > 0)
        #expect(state.coupling[7, 6] == -1)
        #expect(state.waveforms[1, 0] == 1)
        #expect(state.phi.depth == GoldenRatio.phi && state.phi.frequency == 0.01)
        #expect(state.couplingStrength == 2 && state.coherence == 1 && state.criticality == 0)
    }

    @Test("an angle outside the circle is turned in, without being counted")
    func angles() {
        var sanitizer = StateSanitizer()
        var state = EngineState()
        state.channels[0].phase = -1
        state.phi.phase = 3 * Angle.turn + 2
        sanitizer.sanitize(&state)
        #expect(isClose(state.channels[0].phase, Angle.turn - 1))
        #expect(isClose(state.phi.phase, 2, within: 1e-12))
        #expect(sanitizer.clampedCount + sanitizer.replacedCount == 0)
    }

    @Test("what is not finite holds the last value that was", arguments: [Double.nan, .infinity, -.infinity])
    func holds(value: Double) {
        var sanitizer = StateSanitizer()
        var good = EngineState()
        good.time = 7
        good.channels[4] = ChannelState(frequency: 77, amplitude: 0.7, phase: 2)
        good.coupling[0, 1] = -0.8
        good.waveforms[2, 100] = 0.6
        good.phi.depth = 1.1
        good.phi.phase = 1.5
        good.couplingStrength = 1.7
        good.ici = 0.9
        good.coherence = 3
        var state = good
        sanitizer.sanitize(&state)
        let clamped = sanitizer.clampedCount
        // However many are bad in a row.
        for _ in 0..<3 {
            state = good
            state.channels[4] = ChannelState(frequency: value, amplitude: value, phase: value)
            state.coupling[0, 1] = value
            state.waveforms[2, 100] = Float(value)
            state.phi.depth = value
            state.phi.phase = value
            state.couplingStrength = value
            state.ici = value
            state.coherence = value
            state.time = value
            sanitizer.sanitize(&state)
            #expect(!state.valid)
            #expect(state.channels[4] == good.channels[4])
            #expect(state.coupling[0, 1] == -0.8 && state.coupling[1, 0] == -0.8)
            #expect(state.waveforms[2, 100] == 0.6)
            #expect(state.phi == good.phi && state.couplingStrength == 1.7 && state.ici == 0.9 && state.time == 7)
            // What was clamped is held as it was published.
            #expect(state.coherence == 1)
        }
        #expect(sanitizer.replacedCount == 33 && sanitizer.clampedCount == clamped)
        good.channels[4].amplitude = 0.2
        sanitizer.sanitize(&good)
        #expect(good.valid && good.channels[4].amplitude == 0.2)
    }

    @Test("validity is told of each state anew")
    func validityRecovers() {
        var sanitizer = StateSanitizer()
        var state = EngineState()
        state.ici = .nan
        sanitizer.sanitize(&state)
        #expect(!state.valid)
        sanitizer.sanitize(&state)
        #expect(state.valid)
        #expect(sanitizer.replacedCount == 1)
    }
}
