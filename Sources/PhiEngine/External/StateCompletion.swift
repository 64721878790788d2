import Glibc
import PhiModel

/// Derives what a state from outside lacks, from what it has (domain §3).
struct StateCompletion {
    private var sanitizer = StateSanitizer()
    private var labeler = StateLabeler()
    private var ici: Double?
    /// Where phases stood that are derived from frequencies, rad, and when, s.
    private var turned: (phases: InlineArray<8, Double>, time: Double)?

    /// Values that were out of range, or no numbers, since the beginning.
    var mendedCount: UInt64 { sanitizer.clampedCount + sanitizer.replacedCount }

    /// The state of a reading at `time`, s of the engine's clock. All of it is finite and in range; the waveforms are left
    /// out where the reading has none.
    mutating func state(of reading: StateReading, at time: Double) -> EngineState {
        var state = reading.state
        let given = reading.given
        let wasValid = state.valid
        sanitizer.sanitize(&state)
        state.valid = state.valid && wasValid
        state.time = time
        if !given.contains(.phases) { turn(&state, to: time) }
        if !given.contains(.coupling) {
            let terms = Synchrony.pairTerms(state.channels)
            for i in 0..<EngineState.channelCount {
                for j in (i + 1)..<EngineState.channelCount {
                    state.coupling[i, j] = terms[i, j].clamped(to: -1...1)
                }
            }
        }
        if !given.contains(.ici) {
            let raw = Synchrony.rawICI(Synchrony.pairTerms(state.channels))
            state.ici = ici.map { Synchrony.smooth($0, toward: raw) } ?? raw
        }
        ici = state.ici
        if !given.contains(.coherence) { state.coherence = Synchrony.coherence(state.channels) }
        if !given.contains(.criticality) {
            let channels = state.channels
            state.criticality = Synchrony.criticality(
                coupling: state.coupling, strength: state.couplingStrength,
                frequencies: InlineArray { channels[$0].frequency })
        }
        if !given.contains(.centroid) { state.spectralCentroid = Self.centroid(state.channels) }
        if !given.contains(.phiPhase), !given.contains(.phiDepth), state.phi.mode == .internal {
            state.phi = state.phi.swinging(at: time)
        }
        let label = labeler.update(
            ici: state.ici, coherence: state.coherence, spectralCentroid: state.spectralCentroid, time: time)
        if !given.contains(.label) { state.label = label }
        return state
    }

    /// Phases that nobody gave turn at the rate of their channel.
    private mutating func turn(_ state: inout EngineState, to time: Double) {
        var phases = turned?.phases ?? InlineArray { GoldenRatio.channelOffset($0) }
        let elapsed = max(0, time - (turned?.time ?? 0))
        for k in phases.indices {
            phases[k] = Angle.wrap(phases[k] + Angle.turn * state.channels[k].frequency * elapsed)
            state.channels[k].phase = phases[k]
        }
        turned = (phases, max(time, turned?.time ?? time))
    }

    /// The mean frequency of the channels, weighted by amplitude, Hz; 0 where all are mute.
    private static func centroid(_ channels: InlineArray<8, ChannelState>) -> Double {
        var sum = 0.0, weight = 0.0
        for k in channels.indices {
            sum += channels[k].audibleAmplitude * channels[k].frequency
            weight += channels[k].audibleAmplitude
        }
        return weight > 1e-9 ? sum / weight : 0
    }
}
