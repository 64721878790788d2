import Handoff
import PhiModel

/// Gives the state at the time of a frame, between the two newest samples: what is drawn is one sample behind, and moves
/// evenly whatever the rates of engine and frames are. Where samples stay away, the clock goes on, and the picture
/// breathes.
struct StateInterpolator {
    private let source: TripleBuffer<TimedState>
    private var previous: TimedState
    private var newest: TimedState

    init(_ source: TripleBuffer<TimedState>) {
        self.source = source
        newest = source.latest { value, _ in copy value }
        previous = newest
    }

    /// Number and time (µs of the monotonic clock) of the newest sample.
    var newestSample: (number: UInt32, time: UInt64) {
        (UInt32(truncatingIfNeeded: newest.state.frameID), newest.monotonic)
    }

    /// Fills `state` with what is to be drawn at `time`, µs of the monotonic clock.
    mutating func state(at time: UInt64, into state: inout EngineState) {
        source.latest { value, isNew in
            guard isNew else { return }
            previous = newest
            newest = copy value
        }
        let span = newest.state.time - previous.state.time
        // After a pause the last two samples are far apart; the picture must not lag by that much.
        let delay = span.clamped(to: 0...0.1)
        EngineState.interpolate(
            from: previous.state, to: newest.state, at: newest.engineTime(at: time) - delay, into: &state)
    }
}
