import PhiModel
import Testing

@Suite("Interpolation between samples")
struct StateInterpolationTests {
    private func pair() -> (EngineState, EngineState) {
        var a = EngineState(), b = EngineState()
        a.time = 2
        b.time = 2.1
        a.channels[0].phase = 6.2
        b.channels[0].phase = 0.1
        a.channels[1].phase = 0.1
        b.channels[1].phase = 6.2
        a.channels[2].frequency = 10
        b.channels[2].frequency = 20
        a.coupling[3, 4] = -0.5
        b.coupling[3, 4] = 0.5
        a.phi.phase = 6
        b.phi.phase = 0.5
        a.ici = 0.2
        b.ici = 0.4
        a.label = .drowsy
        b.label = .alert
        b.frameID = 9
        b.waveforms[0, 3] = 0.5
        return (a, b)
    }

    private func state(at time: Double) -> EngineState {
        let (a, b) = pair()
        var result = EngineState()
        EngineState.interpolate(from: a, to: b, at: time, into: &result)
        return result
    }

    @Test("half-way, angles take the shorter way across 2π, in both directions")
    func angles() {
        let half = state(at: 2.05)
        // 6.2 to 2π + 0.1 is 0.183185 rad.
        #expect(isClose(half.channels[0].phase, 0.008407, within: 1e-5))
        #expect(isClose(half.channels[1].phase, 0.008407, within: 1e-5))
        // 6 to 2π + 0.5 is 0.783185 rad.
        #expect(isClose(half.phi.phase, 0.108407, within: 1e-5))
    }

    @Test("numbers are linear; what cannot be blended is the newer sample's")
    func numbers() {
        let quarter = state(at: 2.025)
        #expect(isClose(quarter.channels[2].frequency, 12.5))
        #expect(isClose(quarter.coupling[4, 3], -0.25))
        #expect(isClose(quarter.ici, 0.25))
        #expect(quarter.label == .alert && quarter.frameID == 9)
        #expect(quarter.waveforms[0, 3] == 0.125)
        #expect(quarter.time == 2.025)
    }

    @Test("outside the two samples the nearer one holds, and the clock goes on")
    func outside() {
        let early = state(at: 1), late = state(at: 3)
        #expect(early.ici == 0.2 && early.channels[0].phase == 6.2 && early.time == 1)
        #expect(late.ici == 0.4 && late.channels[0].phase == 0.1 && late.time == 3)
    }

    @Test("after the newer sample the motion goes on as far as is asked, within the ranges")
    func beyond() {
        let (a, b) = pair()
        var result = EngineState()
        EngineState.interpolate(from: a, to: b, at: 2.15, beyond: 0.05, into: &result)
        #expect(isClose(result.ici, 0.5) && isClose(result.channels[2].frequency, 25))
        #expect(isClose(result.channels[0].phase, 0.191593, within: 1e-5))
        EngineState.interpolate(from: a, to: b, at: 9, beyond: 0.05, into: &result)
        #expect(isClose(result.ici, 0.5) && result.time == 9)
        EngineState.interpolate(from: a, to: b, at: 9, beyond: 1, into: &result)
        #expect(result.ici == 1 && result.coupling[3, 4] == 1)
    }

    @Test("adding the offset to the one gives the other; adding none of it changes nothing")
    func offset() {
        let (a, b) = pair()
        var state = a
        StateOffset(from: a, to: b).add(0, to: &state)
        #expect(state.channels[0] == a.channels[0] && state.ici == a.ici)
        StateOffset(from: a, to: b).add(1, to: &state)
        for k in 0..<3 {
            #expect(isClose(state.channels[k].phase, b.channels[k].phase))
            #expect(isClose(state.channels[k].frequency, b.channels[k].frequency))
        }
        #expect(isClose(state.coupling[4, 3], 0.5) && isClose(state.phi.phase, 0.5) && isClose(state.ici, 0.4))
    }

    @Test("two samples of the same time give the newer")
    func sameTime() {
        var (a, b) = pair()
        a.time = b.time
        var result = EngineState()
        EngineState.interpolate(from: a, to: b, at: b.time, into: &result)
        #expect(result.ici == 0.4)
    }
}
