import PhiModel

/// Every value of a state as bits, so that two states can be compared exactly.
func fingerprint(_ state: EngineState) -> [UInt64] {
    var bits: [UInt64] = [state.frameID, state.time.bitPattern, UInt64(state.label.rawValue), state.valid ? 1 : 0]
    for k in 0..<8 {
        let channel = state.channels[k]
        bits += [
            channel.frequency.bitPattern, channel.amplitude.bitPattern, channel.phase.bitPattern,
            channel.enabled ? 1 : 0,
        ]
        for j in 0..<8 { bits.append(state.coupling[k, j].bitPattern) }
    }
    state.waveforms.withSamples { bits += $0.map { UInt64($0.bitPattern) } }
    bits += [
        UInt64(state.phi.mode.rawValue), state.phi.phase.bitPattern, state.phi.depth.bitPattern,
        state.phi.frequency.bitPattern, state.phi.breathingRate.bitPattern,
    ]
    bits += [
        state.couplingStrength, state.ici, state.coherence, state.criticality, state.spectralCentroid, state.nyquist,
    ]
    .map(\.bitPattern)
    return bits
}
