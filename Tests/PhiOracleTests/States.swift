import Foundation
import PhiEngine
import PhiModel
import Testing

/// A state of the engine and how its picture is dressed, for the tests.
struct Sample: CustomTestStringConvertible, Sendable {
    let name: String
    let state: EngineState
    var look = Look()
    var quality = 5

    var testDescription: String { name }

    /// Everything shows: links of both signs, all kinds of phases, breathing away from rest.
    static let lively: Sample = {
        var state = EngineState()
        state.time = 1.0 / 6
        state.phi.depth = 1.2
        state.phi.phase = 1
        state.ici = 0.4
        state.coherence = 0.8
        state.criticality = 0.9
        for (i, j, value) in [(0, 3, 0.9), (1, 5, -0.6), (2, 7, 0.45), (4, 6, 0.29), (5, 6, 0.7)] {
            state.coupling[i, j] = value
        }
        state.drawWaves()
        return Sample(name: "lively", state: state)
    }()

    /// Loud, breathing out, strong links all around.
    static let loud: Sample = {
        var state = lively.state
        state.time = 12.5
        state.phi.depth = 1.6
        state.phi.phase = 4.4
        state.phi.breathingRate = 1.1
        state.ici = 0.85
        state.coherence = 0.55
        for k in 0..<8 {
            state.channels[k] = ChannelState(
                frequency: 90 * pow(1.45, Double(k)), amplitude: 1 - 0.09 * Double(k), phase: 5.1 - 0.8 * Double(k))
            state.coupling[k, (k + 1) % 8] = k % 2 == 0 ? 0.35 + 0.08 * Double(k) : -0.4 - 0.08 * Double(k)
        }
        state.drawWaves()
        return Sample(name: "loud", state: state, look: Look(glow: 1.4))
    }()

    /// Quiet and orderly, breathing in, without light or trails.
    static let plain: Sample = {
        var state = lively.state
        state.time = 3.4
        state.phi.phase = 2.3
        state.ici = 0.5
        state.coherence = 1
        for k in 0..<8 {
            state.channels[k].amplitude = 0.3 + 0.08 * Double(k)
            state.channels[k].phase = 0.7 * Double(k)
        }
        state.drawWaves()
        return Sample(name: "plain", state: state, look: Look(glow: 0, trails: 0, hasLabels: false))
    }()

    /// Some channels muted, one silent, one link at the threshold.
    static let sparse: Sample = {
        var state = lively.state
        state.time = 0.9
        state.phi.phase = 5.7
        state.ici = 0.12
        state.channels[1].enabled = false
        state.channels[6].amplitude = 0
        state.coupling = CouplingMatrix()
        state.coupling[0, 4] = 0.3
        state.coupling[2, 3] = -1
        return Sample(name: "sparse", state: state, look: Look(trails: 1))
    }()

    /// What the engine without sound makes of a seed after a while.
    static func synthetic(seed: UInt64, time: Double, look: Look = Look()) -> Sample {
        var state = EngineState()
        SyntheticSource(seed: seed).advance(to: time, into: &state)
        return Sample(name: "seed \(seed) at \(time) s", state: state, look: look)
    }

    static let correct: [Sample] = [
        lively, loud, plain, sparse, synthetic(seed: 1, time: 2.25), synthetic(seed: 7, time: 9.6, look: Look(glow: 2)),
        synthetic(seed: 42, time: 31.1, look: Look(glow: 0.5, trails: 0.3)),
    ]
}

extension EngineState {
    /// A different number of waves in every lane.
    mutating func drawWaves() {
        for k in 0..<EngineState.channelCount {
            for n in 0..<Waveforms.length {
                waveforms[k, n] = Float(
                    channels[k].amplitude * sin(Double(n) / Double(Waveforms.length) * Angle.turn * Double(k + 1)))
            }
        }
    }
}
