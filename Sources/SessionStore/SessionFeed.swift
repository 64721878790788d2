public import Handoff
public import PhiModel

/// What a session is told beside its pictures.
public struct SessionFeed: Sendable {
    /// Every sample of the engine, while a session is recorded.
    public let samples: SampleFeed<StateFigures>
    /// What is wanted of the engine and the picture now. Asked after a change, and ten times a second.
    public let controls: @Sendable () -> SessionControls
    /// When that was last changed, µs of the monotonic clock; 0 where it never was. Asked for every frame.
    public let changed: @Sendable () -> UInt64

    public init(
        samples: SampleFeed<StateFigures>, changed: @escaping @Sendable () -> UInt64 = { 0 },
        controls: @escaping @Sendable () -> SessionControls
    ) {
        self.samples = samples
        self.changed = changed
        self.controls = controls
    }
}

/// What is wanted of the engine and the picture: a line of `controls.jsonl`.
public struct SessionControls: Sendable, Equatable, Codable {
    /// One channel.
    public struct Channel: Sendable, Equatable, Codable {
        /// Hz.
        public var frequency: Double
        /// [0, 1].
        public var amplitude: Double
        /// False where it is muted.
        public var enabled: Bool

        public init(frequency: Double, amplitude: Double, enabled: Bool) {
            self.frequency = frequency
            self.amplitude = amplitude
            self.enabled = enabled
        }
    }

    /// As given to `--engine`; a file without its folders.
    public var engine: String
    /// The scene that is shown.
    public var scene: String
    /// The preset that is loaded, if one is.
    public var preset: String?
    /// Where Φ is wanted from: "engine", or the name of a mode.
    public var phiSource: String
    /// The depth that Φ is held at, [0, φ]; nil where it moves.
    public var phiDepth: Double?
    /// The phase that Φ is held at, rad; nil where it moves.
    public var phiPhase: Double?
    /// The rate of an internal Φ that was asked for, Hz.
    public var phiFrequency: Double?
    /// The global gain of the coupling.
    public var couplingStrength: Double
    /// The eight channels.
    public var channels: [Channel]
    /// Whether time stands still.
    public var isPaused: Bool

    public init(
        engine: String, scene: String, preset: String?, phiSource: String, phiDepth: Double? = nil,
        phiPhase: Double? = nil, phiFrequency: Double? = nil, couplingStrength: Double, channels: [Channel],
        isPaused: Bool
    ) {
        self.engine = engine
        self.scene = scene
        self.preset = preset
        self.phiSource = phiSource
        self.phiDepth = phiDepth
        self.phiPhase = phiPhase
        self.phiFrequency = phiFrequency
        self.couplingStrength = couplingStrength
        self.channels = channels
        self.isPaused = isPaused
    }
}
