/// How far one state is from another, in everything that moves without a jump: angles by the shorter way, frequencies,
/// amplitudes, coupling, depth and the global measures as numbers.
public struct StateOffset: BitwiseCopyable, Sendable {
    private var channels: InlineArray<8, ChannelState>
    private var coupling = CouplingMatrix()
    private var phiPhase: Double
    private var phiDepth: Double
    private var couplingStrength: Double
    private var ici: Double
    private var coherence: Double
    private var criticality: Double
    private var spectralCentroid: Double

    /// What has to be added to `a` to reach `b`.
    public init(from a: borrowing EngineState, to b: borrowing EngineState) {
        channels = b.channels
        for k in channels.indices {
            let from = a.channels[k]
            channels[k].frequency -= from.frequency
            channels[k].amplitude -= from.amplitude
            channels[k].phase = Angle.difference(from: from.phase, to: channels[k].phase)
        }
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount { coupling[i, j] = b.coupling[i, j] - a.coupling[i, j] }
        }
        phiPhase = Angle.difference(from: a.phi.phase, to: b.phi.phase)
        phiDepth = b.phi.depth - a.phi.depth
        couplingStrength = b.couplingStrength - a.couplingStrength
        ici = b.ici - a.ici
        coherence = b.coherence - a.coherence
        criticality = b.criticality - a.criticality
        spectralCentroid = b.spectralCentroid - a.spectralCentroid
    }

    /// Adds `share` times the offset; every value stays in its range.
    public func add(_ share: Double, to state: inout EngineState) {
        for k in channels.indices {
            let offset = channels[k], channel = state.channels[k]
            state.channels[k].frequency = (channel.frequency + share * offset.frequency)
                .clamped(to: ChannelState.frequencyRange)
            state.channels[k].amplitude = (channel.amplitude + share * offset.amplitude).clamped(to: 0...1)
            state.channels[k].phase = Angle.wrap(channel.phase + share * offset.phase)
        }
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                state.coupling[i, j] = (state.coupling[i, j] + share * coupling[i, j]).clamped(to: -1...1)
            }
        }
        state.phi.phase = Angle.wrap(state.phi.phase + share * phiPhase)
        state.phi.depth = (state.phi.depth + share * phiDepth).clamped(to: 0...GoldenRatio.phi)
        state.couplingStrength = max(state.couplingStrength + share * couplingStrength, 0)
        state.ici = (state.ici + share * ici).clamped(to: 0...1)
        state.coherence = (state.coherence + share * coherence).clamped(to: 0...1)
        state.criticality = max(state.criticality + share * criticality, 0)
        state.spectralCentroid = max(state.spectralCentroid + share * spectralCentroid, 0)
    }
}
