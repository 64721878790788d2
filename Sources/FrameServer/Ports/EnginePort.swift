public import FoundationEssentials
public import PhiModel

/// What the server needs of the engine. The command line connects the two.
public protocol EnginePort: Sendable {
    /// The engine that runs.
    var description: EngineDescription { get }
    /// The newest sample. May be called from any thread.
    func newestState() -> EngineState
    /// Whether the newest sample is recent enough to be shown as live.
    var isFresh: Bool { get }
    /// What is wanted of it.
    var controls: EngineControls { get }
    /// Changes where Φ comes from. Throws `EngineRefusal`.
    func setPhi(_ change: PhiChange) throws
    /// Changes one of the eight channels; nil leaves what there is. Throws `EngineRefusal`.
    func setChannel(_ channel: Int, amplitude: Double?, isEnabled: Bool?) throws
    /// Changes the global gain of the coupling, [0, 2]. Throws `EngineRefusal`.
    func setCouplingStrength(_ strength: Double) throws
    /// Lets time stand still, or go on.
    func setPaused(_ isPaused: Bool)
    /// Lets another engine run, as `--engine` names it. Throws `EngineRefusal`. Opens files.
    func choose(_ engine: String) async throws
    /// Takes in a sample of state, as JSON. Throws `StateDocumentError` where it cannot be used, `EngineRefusal` where the
    /// engine that runs takes none.
    func push(_ json: Data) throws
}

extension EnginePort {
    /// An engine that says nothing else takes none.
    public func push(_ json: Data) throws {
        throw EngineRefusal(
            "The engine \(description.name) takes no states from outside; start the server with --engine push.")
    }
}

/// The engine that runs.
public struct EngineDescription: Sendable, Equatable {
    /// As given to `--engine`, such as "synthetic" or "audio:introzik.ogg"; a file without its folders.
    public var name: String
    /// Whether sound is being analysed.
    public var audioRunning: Bool
    /// Hz; 0 without sound.
    public var sampleRate: Int
    /// Samples that are analysed at a time; 0 without sound.
    public var bufferSize: Int
    /// "running", "waiting" or "failed".
    public var condition: String
    /// One sentence on how it fares; nil where there is nothing to say.
    public var detail: String?
    /// What it counts, such as messages that could not be read, by name.
    public var counts: [String: UInt64]

    /// A description; nothing is checked.
    public init(
        name: String, audioRunning: Bool, sampleRate: Int, bufferSize: Int, condition: String = "running",
        detail: String? = nil, counts: [String: UInt64] = [:]
    ) {
        self.name = name
        self.audioRunning = audioRunning
        self.sampleRate = sampleRate
        self.bufferSize = bufferSize
        self.condition = condition
        self.detail = detail
        self.counts = counts
    }
}

/// What is wanted of the engine, whichever runs.
public struct EngineControls: Sendable, Equatable {
    /// One channel.
    public struct Channel: Sendable, Equatable {
        /// [0, 1].
        public var amplitude: Double
        /// False where it is muted.
        public var isEnabled: Bool

        public init(amplitude: Double, isEnabled: Bool) {
            self.amplitude = amplitude
            self.isEnabled = isEnabled
        }
    }

    /// Where Φ is wanted from: "engine", or a `PhiMode`'s name.
    public var phiSource: String
    /// The eight channels.
    public var channels: [Channel]
    /// Whether time stands still.
    public var isPaused: Bool
    /// Where Φ is held still: its depth, [0, φ].
    public var heldDepth: Double?
    /// Where Φ is held still: its phase, rad in [0, 2π).
    public var heldPhase: Double?
    /// The global gain of the coupling, [0, 2].
    public var couplingStrength: Double

    public init(
        phiSource: String, channels: [Channel], isPaused: Bool, heldDepth: Double? = nil, heldPhase: Double? = nil,
        couplingStrength: Double = 1
    ) {
        self.phiSource = phiSource
        self.channels = channels
        self.isPaused = isPaused
        self.heldDepth = heldDepth
        self.heldPhase = heldPhase
        self.couplingStrength = couplingStrength
    }
}

/// A change of Φ; nil leaves what there is.
public struct PhiChange: Sendable, Equatable {
    /// "engine", or a `PhiMode`'s name. A depth or phase without it makes Φ manual, or feeds a sensor that is chosen.
    public var source: String?
    /// [0, φ].
    public var depth: Double?
    /// Rad.
    public var phase: Double?
    /// Of an internal Φ: Hz, [0.01, 10].
    public var frequency: Double?

    public init(source: String? = nil, depth: Double? = nil, phase: Double? = nil, frequency: Double? = nil) {
        self.source = source
        self.depth = depth
        self.phase = phase
        self.frequency = frequency
    }
}

/// Why the engine does not do what it is asked for.
public struct EngineRefusal: Error {
    /// One sentence: what is wrong, and what to do.
    public var sentence: String

    public init(_ sentence: String) { self.sentence = sentence }
}
