/// What is heard besides the eight channels: rhythm and loudness. All 0 where an engine hears nothing.
public struct SoundFigures: BitwiseCopyable, Sendable, Equatable {
    /// Beats a minute; 0 where none is felt.
    public var tempo = 0.0
    /// How sure the tempo is, [0, 1]: the autocorrelation of the onsets at one beat.
    public var confidence = 0.0
    /// Where in the beat it is, [0, 1); 0 is on the beat.
    public var beatPhase = 0.0
    /// Beats since the start.
    public var beats: UInt64 = 0
    /// Onsets since the start: moments in which something new sounds.
    public var onsets: UInt64 = 0
    /// How new the newest sound is, ≥ 0, about 1 for a drum out of silence.
    public var novelty = 0.0
    /// The RMS envelope that Φ's depth follows (domain §6), [0, 1].
    public var envelope = 0.0
    /// The automatic gain of the loudest band.
    public var gain = 0.0

    public init() {}
}
