/// A sample of the engine's state with the moment it stands for.
public struct TimedState: BitwiseCopyable, Sendable {
    /// The sample.
    public var state: EngineState
    /// When the sample fell due: µs of the monotonic clock. `state.time` and this advance alike, so that the engine time
    /// of any other moment is `state.time` plus the difference. 0 before the first sample.
    public var monotonic: UInt64
    /// Seconds between two samples of the engine, > 0.
    public var interval: Double

    public init(state: EngineState = EngineState(), monotonic: UInt64 = 0, interval: Double = 1.0 / 120) {
        self.interval = interval
        self.state = state
        self.monotonic = monotonic
    }

    /// The engine time at `microseconds` of the monotonic clock, s.
    public func engineTime(at microseconds: UInt64) -> Double {
        state.time + (Double(microseconds) - Double(monotonic)) * 1e-6
    }
}
