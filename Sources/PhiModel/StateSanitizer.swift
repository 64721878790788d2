/// Brings the states of one stream, one after the other, into the ranges of domain §1, and counts what it had to change.
///
/// A value that is not a number gives way to the last one that was, so that a bad sample in a good stream shows as a moment
/// in which it holds, not as a flash of something else.
public struct StateSanitizer: Sendable {
    /// Values that were out of range and were moved to the nearest bound.
    public private(set) var clampedCount: UInt64 = 0
    /// Values that were NaN or infinite and were replaced by the last finite one, or by their default before the first.
    public private(set) var replacedCount: UInt64 = 0
    /// What every value was last, finite and in range.
    private var last = Self.beforeTheFirst

    public init() {}

    /// The defaults of domain §1, but for the amplitudes: a channel of which nothing was heard yet is silent.
    private static var beforeTheFirst: EngineState {
        var state = EngineState()
        for k in state.channels.indices { state.channels[k].amplitude = 0 }
        return state
    }

    /// Makes every value of `state` finite and in range. `state.valid` tells whether one had to be replaced.
    public mutating func sanitize(_ state: inout EngineState) {
        let replacedBefore = replacedCount
        for k in state.channels.indices {
            let held = last.channels[k]
            fix(&state.channels[k].frequency, ChannelState.frequencyRange, held.frequency)
            fix(&state.channels[k].amplitude, 0...1, held.amplitude)
            fixAngle(&state.channels[k].phase, held.phase)
        }
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                var value = state.coupling[i, j]
                fix(&value, -1...1, last.coupling[i, j])
                state.coupling[i, j] = value
            }
        }
        fixWaveforms(&state)
        fixAngle(&state.phi.phase, last.phi.phase)
        fixAngle(&state.phi.breathingPhase, last.phi.breathingPhase)
        fix(&state.phi.depth, 0...GoldenRatio.phi, last.phi.depth)
        fix(&state.phi.frequency, 0.01...10, last.phi.frequency)
        fix(&state.phi.breathingRate, 0.1...10, last.phi.breathingRate)
        fix(&state.couplingStrength, 0...2, last.couplingStrength)
        fix(&state.ici, 0...1, last.ici)
        fix(&state.coherence, 0...1, last.coherence)
        fix(&state.criticality, 0...1_000, last.criticality)
        fix(&state.spectralCentroid, 0...96_000, last.spectralCentroid)
        fix(&state.nyquist, 1...96_000, last.nyquist)
        fix(&state.timestamp, 0...Double(UInt32.max) * 16, last.timestamp)
        fix(&state.time, 0...1e9, last.time)
        state.valid = replacedCount == replacedBefore
        last = state
    }

    private mutating func fixWaveforms(_ state: inout EngineState) {
        for k in 0..<EngineState.channelCount {
            state.waveforms.withLane(k) { lane in
                for n in lane.indices where !(abs(lane[n]) <= 1) {
                    if lane[n].isFinite {
                        lane[n] = lane[n].clamped(to: -1...1)
                        clampedCount += 1
                    } else {
                        lane[n] = last.waveforms[k, n]
                        replacedCount += 1
                    }
                }
            }
        }
    }

    private mutating func fix(_ value: inout Double, _ range: ClosedRange<Double>, _ held: Double) {
        if !value.isFinite {
            value = held
            replacedCount += 1
        } else if !range.contains(value) {
            value = value.clamped(to: range)
            clampedCount += 1
        }
    }

    private mutating func fixAngle(_ value: inout Double, _ held: Double) {
        if !value.isFinite {
            value = held
            replacedCount += 1
        } else {
            // An angle is never out of range: every one has its equal in [0, 2π).
            value = Angle.wrap(value)
        }
    }
}
