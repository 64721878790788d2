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
    /// What the synthetic engine is like; others pass it over.
    public var character: SyntheticCharacter

    /// The defaults of domain §1.
    public init(
        channels: InlineArray<8, ChannelState> = InlineArray { ChannelState.standard($0) },
        couplingStrength: Double = 1, phi: PhiModulation = PhiModulation(),
        character: SyntheticCharacter = SyntheticCharacter()
    ) {
        self.channels = channels
        self.couplingStrength = couplingStrength
        self.phi = phi
        self.character = character
    }
}
