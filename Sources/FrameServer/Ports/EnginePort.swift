import PhiModel

/// What the server needs of the engine. The command line connects the two.
public protocol EnginePort: Sendable {
    /// Fixed while the engine runs.
    var description: EngineDescription { get }
    /// The newest sample. May be called from any thread.
    func newestState() -> EngineState
    /// Whether the newest sample is recent enough to be shown as live.
    var isFresh: Bool { get }
}

/// The engine as it was started.
public struct EngineDescription: Sendable {
    /// As given to `--engine`, such as "synthetic" or "audio:introzik.ogg"; a file without its folders.
    public var name: String
    /// Whether sound is being analysed.
    public var audioRunning: Bool
    /// Hz; 0 without sound.
    public var sampleRate: Int
    /// Samples that are analysed at a time; 0 without sound.
    public var bufferSize: Int

    /// A description; nothing is checked.
    public init(name: String, audioRunning: Bool, sampleRate: Int, bufferSize: Int) {
        self.name = name
        self.audioRunning = audioRunning
        self.sampleRate = sampleRate
        self.bufferSize = bufferSize
    }
}
