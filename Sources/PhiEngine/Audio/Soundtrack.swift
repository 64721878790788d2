/// The sound that an engine listens to, and where in it the engine is.
public struct Soundtrack: Sendable, Equatable {
    public var options: AudioOptions
    /// Another number is another engine, though it may listen to the same file.
    public var turn: UInt64
    /// The monotonic clock at the first sample, ns. It moves on while time stands still.
    public var origin: UInt64
    /// Whether time stands still.
    public var isPaused: Bool

    public init(options: AudioOptions, turn: UInt64, origin: UInt64, isPaused: Bool) {
        self.options = options
        self.turn = turn
        self.origin = origin
        self.isPaused = isPaused
    }

    /// Samples of each channel since the beginning, at `nanoseconds` of the monotonic clock; negative before it.
    public func position(at nanoseconds: UInt64) -> Double {
        let elapsed = nanoseconds >= origin ? Double(nanoseconds - origin) : -Double(origin - nanoseconds)
        return elapsed * 1e-9 * Double(SoundReader.sampleRate)
    }
}
