/// Brings a state into the ranges of domain §1, and counts what it had to change.
public struct StateSanitizer: Sendable, Equatable {
    /// Values that were out of range and were moved to the nearest bound.
    public private(set) var clampedCount: UInt64 = 0
    /// Values that were NaN or infinite and were replaced by their default.
    public private(set) var replacedCount: UInt64 = 0

    public init() {}

    /// Makes every value of `state` finite and in range. `state.valid` tells whether one had to be replaced.
    public mutating func sanitize(_ state: inout EngineState) {
        let replacedBefore = replacedCount
        let standard = EngineState()
        for k in state.channels.indices {
            let fallback = standard.channels[k]
            fix(&state.channels[k].frequency, ChannelState.frequencyRange, fallback.frequency)
            fix(&state.channels[k].amplitude, 0...1, 0)
            fixAngle(&state.channels[k].phase, fallback.phase)
        }
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                var value = state.coupling[i, j]
                fix(&value, -1...1, 0)
                state.coupling[i, j] = value
            }
        }
        for k in 0..<EngineState.channelCount {
            state.waveforms.withLane(k) { lane in
                for n in lane.indices where !(abs(lane[n]) <= 1) {
                    if lane[n].isFinite {
                        lane[n] = lane[n].clamped(to: -1...1)
                        clampedCount += 1
                    } else {
                        lane[n] = 0
                        replacedCount += 1
                    }
                }
            }
        }
        fixAngle(&state.phi.phase, 0)
        fixAngle(&state.phi.breathingPhase, 0)
        fix(&state.phi.depth, 0...GoldenRatio.phi, PhiModulation.restingDepth)
        fix(&state.phi.frequency, 0.01...10, 0.1)
        fix(&state.phi.breathingRate, 0.1...10, 1.5)
        fix(&state.couplingStrength, 0...2, 1)
        fix(&state.ici, 0...1, 0)
        fix(&state.coherence, 0...1, 0)
        fix(&state.criticality, 0...1_000, 0)
        fix(&state.spectralCentroid, 0...96_000, 0)
        fix(&state.nyquist, 1...96_000, 24_000)
        fix(&state.timestamp, 0...Double(UInt32.max) * 16, 0)
        fix(&state.time, 0...1e9, 0)
        state.valid = replacedCount == replacedBefore
    }

    private mutating func fix(_ value: inout Double, _ range: ClosedRange<Double>, _ fallback: Double) {
        if !value.isFinite {
            value = fallback
            replacedCount += 1
        } else if !range.contains(value) {
            value = value.clamped(to: range)
            clampedCount += 1
        }
    }

    private mutating func fixAngle(_ value: inout Double, _ fallback: Double) {
        if !value.isFinite {
            value = fallback
            replacedCount += 1
        } else {
            // An angle is never out of range: every one has its equal in [0, 2π).
            value = Angle.wrap(value)
        }
    }
}
