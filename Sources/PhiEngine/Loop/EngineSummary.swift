/// The engine that runs, as it describes itself.
public struct EngineSummary: Sendable, Equatable {
    /// As given to `--engine`, a file without its folders.
    public var name: String
    /// Hz; 0 without sound.
    public var sampleRate: Int
    /// Sound samples that are analysed at a time; 0 without sound.
    public var bufferSize: Int
    /// Whether its samples come from elsewhere, when they do.
    public var isLive: Bool
    /// How it fares.
    public var health: EngineHealth
    /// What it listens to and by which clock, where that can be played as well.
    public var soundtrack: Soundtrack?

    init(_ source: borrowing any StateSource) {
        name = source.name
        sampleRate = source.sampleRate
        bufferSize = source.bufferSize
        isLive = source.isLive
        health = source.health
    }
}
