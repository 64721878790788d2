/// A sample of the engine's state with the moment at which it was taken.
public struct TimedState: BitwiseCopyable, Sendable {
    public var state: EngineState
    /// µs of the monotonic clock.
    public var monotonic: UInt64

    public init(state: EngineState, monotonic: UInt64) {
        self.state = state
        self.monotonic = monotonic
    }
}
