extension EngineState {
    /// Fills `result` with the state at engine time `time`, between the samples `a` and `b`.
    ///
    /// Angles take the shorter way; numbers are linear; what cannot be blended (waveforms, the label, flags) is `b`'s.
    /// A time outside the two samples takes the nearer one, with its clock carried on, so that breathing never stops.
    public static func interpolate(
        from a: borrowing EngineState, to b: borrowing EngineState, at time: Double, into result: inout EngineState
    ) {
        result = copy b
        let span = b.time - a.time
        let t = span > 0 ? ((time - a.time) / span).clamped(to: 0...1) : 1
        result.time = time
        if t < 1 {
            for k in result.channels.indices {
                let from = a.channels[k], to = b.channels[k]
                result.channels[k].frequency = from.frequency.interpolated(to: to.frequency, t)
                result.channels[k].amplitude = from.amplitude.interpolated(to: to.amplitude, t)
                result.channels[k].phase = Angle.interpolate(from.phase, to.phase, t)
            }
            for i in 0..<channelCount {
                for j in (i + 1)..<channelCount {
                    result.coupling[i, j] = a.coupling[i, j].interpolated(to: b.coupling[i, j], t)
                }
            }
            result.phi.phase = Angle.interpolate(a.phi.phase, b.phi.phase, t)
            result.phi.depth = a.phi.depth.interpolated(to: b.phi.depth, t)
            result.couplingStrength = a.couplingStrength.interpolated(to: b.couplingStrength, t)
            result.ici = a.ici.interpolated(to: b.ici, t)
            result.coherence = a.coherence.interpolated(to: b.coherence, t)
            result.criticality = a.criticality.interpolated(to: b.criticality, t)
            result.spectralCentroid = a.spectralCentroid.interpolated(to: b.spectralCentroid, t)
        }
    }
}
