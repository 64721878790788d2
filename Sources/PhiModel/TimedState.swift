/// A sample of the engine's state with the moment it stands for.
public struct TimedState: BitwiseCopyable, Sendable {
    /// The sample.
    public var state: EngineState
    /// When the sample fell due: µs of the monotonic clock. `state.time` and this advance alike, so that the engine time
    /// of any other moment is `state.time` plus the difference. 0 before the first sample.
    public var monotonic: UInt64

    public init(state: EngineState = EngineState(), monotonic: UInt64 = 0) {
        self.state = state
        self.monotonic = monotonic
    }

    /// The engine time at `microseconds` of the monotonic clock, s.
    public func engineTime(at microseconds: UInt64) -> Double {
        state.time + (Double(microseconds) - Double(monotonic)) * 1e-6
    }
}
