/// One sample of the engine's state (domain §1): a plain value of fixed size, so that it crosses threads without
/// allocation.
public struct EngineState: BitwiseCopyable, Sendable {
    /// N of the formulas of domain §3.
    public static let channelCount = 8

    /// The running number of the sample, ≥ 0.
    public var frameID: UInt64 = 0
    /// When the sample was taken: seconds since the Unix epoch.
    public var timestamp: Double = 0
    /// When the sample was taken on the engine's own clock: seconds since the engine began. Everything drawn is a
    /// function of this time and the other fields.
    public var time: Double = 0

    /// Channel 0 first.
    public var channels: InlineArray<8, ChannelState>
    /// The newest sound of each channel; synthesised where the engine has none.
    public var waveforms = Waveforms()

    /// Source, phase, depth and rates of the modulation Φ.
    public var phi = PhiModulation()

    /// The Φ-matrix.
    public var coupling = CouplingMatrix()
    /// The global gain of the coupling, [0, 2].
    public var couplingStrength = 1.0

    /// Integrated chromatic information, [0, 1].
    public var ici = 0.0
    /// The Kuramoto order parameter of the channel phases, weighted by amplitude, [0, 1].
    public var coherence = 0.0
    /// Coupling relative to the synchronisation threshold, ≥ 0; 1 is critical.
    public var criticality = 0.0
    /// Centre of mass of the spectrum, Hz.
    public var spectralCentroid = 0.0
    /// Half the sample rate of the analysed signal, Hz; the centroid is read relative to it.
    public var nyquist = 24_000.0
    /// What is heard besides the channels.
    public var sound = SoundFigures()
    /// The state of the system in one word.
    public var label = StateLabel.awake
    /// False where a value was not finite and was replaced.
    public var valid = true

    /// The defaults of domain §1.
    public init() { channels = InlineArray { ChannelState.standard($0) } }

    /// The breathing drawn for this sample, [0, 1].
    public var breathing: Double { phi.breathing(at: time) }

    /// 0.4 · coherence + 0.3 · (1 − ici) + 0.3 · min(1, centroid / Nyquist), in [0, 1].
    public var consciousnessLevel: Double {
        Synchrony.consciousnessLevel(
            coherence: coherence, ici: ici, spectralCentroid: spectralCentroid, nyquist: nyquist)
    }

    /// How many channels are enabled and sound.
    public var activeChannelCount: Int {
        var count = 0
        for k in channels.indices where channels[k].audibleAmplitude > 0 { count += 1 }
        return count
    }
}
