import PhiModel

/// What shapes an engine; a preset can fill it.
public struct EngineSettings: BitwiseCopyable, Sendable {
    /// The synthetic engine takes all of a channel from here; the audio engine only whether it is enabled.
    public var channels: InlineArray<8, ChannelState>
    /// The global gain of the coupling, [0, 2].
    public var couplingStrength: Double
    /// The rates of Φ. The synthetic engine lets Φ swing where the mode is `internal` and holds it still otherwise; the
    /// audio engine takes the depth from the sound.
    public var phi: PhiModulation

    /// The defaults of domain §1.
    public init(
        channels: InlineArray<8, ChannelState> = InlineArray { ChannelState.standard($0) },
        couplingStrength: Double = 1, phi: PhiModulation = PhiModulation()
    ) {
        self.channels = channels
        self.couplingStrength = couplingStrength
        self.phi = phi
    }
}
