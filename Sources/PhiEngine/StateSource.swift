import PhiModel

/// Where engine states come from. A source belongs to one thread: it is not `Sendable`, and is handed over by `sending`.
///
/// A source is deterministic: equal sources that are advanced to the same time give bit-identical states, in however many
/// steps they get there, because each works in samples of a fixed length.
public protocol StateSource: AnyObject {
    /// As given to `--engine`, a file without its folders: "synthetic", "audio:introzik.ogg".
    var name: String { get }
    /// The sample rate of the analysed sound in Hz; 0 without sound.
    var sampleRate: Int { get }
    /// Sound samples that are analysed at a time; 0 without sound.
    var bufferSize: Int { get }
    /// Seconds between two states, > 0.
    var sampleInterval: Double { get }

    /// How long what it plays lasts, s; nil where it has no end.
    var duration: Double? { get }

    /// Whether its samples come from elsewhere, when they do: a time without any is no lateness then, and `frameID` does not
    /// go on.
    var isLive: Bool { get }
    /// Seconds between two samples, as they come, > 0: those who draw between them go by it.
    var spacing: Double { get }
    /// When the newest sample was taken, Unix seconds by this machine's clock; nil for just now.
    var timestamp: Double? { get }

    /// How it fares.
    var health: EngineHealth { get }

    /// The sound that its states are of, where that can be played as well; nil else.
    var soundtrack: AudioOptions? { get }

    /// Works on to engine time `time` (seconds since the start; a time before the last one changes nothing) and fills
    /// `state` with the newest sample that is not later: everything but `timestamp`, which is left as it was.
    ///
    /// - Throws: `EngineError` where the source has failed for good.
    func advance(to time: Double, into state: inout EngineState) throws

    /// Goes over to other settings from the newest sample on, within a second and without a jump.
    func apply(_ settings: EngineSettings)
}

extension StateSource {
    /// A source that says nothing else makes its samples itself, as they are due.
    public var isLive: Bool { false }

    public var spacing: Double { sampleInterval }

    public var timestamp: Double? { nil }

    /// A source that says nothing else has no end.
    public var duration: Double? { nil }

    /// A source that says nothing else is running.
    public var health: EngineHealth { EngineHealth(.running) }

    /// A source that says nothing else has no sound to play.
    public var soundtrack: AudioOptions? { nil }

    /// The number of the newest sample that is due at `time`; sample n is due at n · `sampleInterval`.
    func sampleNumber(at time: Double) -> UInt64 {
        guard time.isFinite else { return 0 }
        // The small addition keeps a time that is a whole number of samples from falling to the one before by rounding.
        return UInt64((time.clamped(to: 0...1e9) / sampleInterval + 1e-6).rounded(.down))
    }
}
