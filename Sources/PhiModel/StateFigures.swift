/// A timed sample of the engine's state without its waveforms: what is recorded of it.
public struct StateFigures: BitwiseCopyable, Sendable {
    /// As in `EngineState`.
    public var frameID: UInt64
    /// Seconds since the Unix epoch.
    public var timestamp: Double
    /// Seconds of the engine's clock.
    public var time: Double
    /// Channel 0 first.
    public var channels: InlineArray<8, ChannelState>
    /// The modulation Φ.
    public var phi: PhiModulation
    /// The Φ-matrix.
    public var coupling: CouplingMatrix
    /// [0, 2].
    public var couplingStrength: Double
    /// [0, 1].
    public var ici: Double
    /// [0, 1].
    public var coherence: Double
    /// ≥ 0.
    public var criticality: Double
    /// Hz.
    public var spectralCentroid: Double
    /// Hz.
    public var nyquist: Double
    public var label: StateLabel
    /// False where a value was not finite and was replaced.
    public var valid: Bool
    /// When the sample fell due: µs of the monotonic clock.
    public var monotonic: UInt64

    public init(_ sample: borrowing TimedState) {
        frameID = sample.state.frameID
        timestamp = sample.state.timestamp
        time = sample.state.time
        channels = sample.state.channels
        phi = sample.state.phi
        coupling = sample.state.coupling
        couplingStrength = sample.state.couplingStrength
        ici = sample.state.ici
        coherence = sample.state.coherence
        criticality = sample.state.criticality
        spectralCentroid = sample.state.spectralCentroid
        nyquist = sample.state.nyquist
        label = sample.state.label
        valid = sample.state.valid
        monotonic = sample.monotonic
    }
}
