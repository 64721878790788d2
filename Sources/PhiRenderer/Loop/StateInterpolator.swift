import Handoff
import PhiModel

/// Gives the state at the time of a frame, between two samples: what is drawn is a little more than one sample behind, by
/// the same amount at every frame, so that it moves evenly whatever the rates of engine and frames are. Where samples stay
/// away, the clock goes on, and the picture breathes.
struct StateInterpolator {
    private let source: TripleBuffer<TimedState>
    /// How far behind the picture is, s.
    private let delay: Double
    /// The newest samples that were seen, in turn: the time that is drawn lies between two of them, even where one came just
    /// now and one was missed.
    private var seen: InlineArray<3, TimedState>
    private var newest = 2
    /// Number and time (µs of the monotonic clock) of the newer of the two samples that were drawn last.
    private(set) var drawnSample: (number: UInt32, time: UInt64) = (0, 0)

    /// - Parameter sampleInterval: Seconds between two samples of the engine.
    init(_ source: TripleBuffer<TimedState>, sampleInterval: Double) {
        self.source = source
        // A quarter more than a sample, for samples that are published late.
        delay = 1.25 * sampleInterval
        let first = source.latest { value, _ in copy value }
        seen = InlineArray(repeating: first)
    }

    /// Fills `state` with what is to be drawn at `time`, µs of the monotonic clock.
    mutating func state(at time: UInt64, into state: inout EngineState) {
        source.latest { value, isNew in
            guard isNew else { return }
            newest = (newest + 1) % 3
            seen[newest] = copy value
        }
        let wanted = seen[newest].engineTime(at: time) - delay
        let middle = (newest + 2) % 3, oldest = (newest + 1) % 3
        let upper = wanted > seen[middle].state.time ? newest : middle
        EngineState.interpolate(
            from: seen[upper == newest ? middle : oldest].state, to: seen[upper].state, at: wanted, into: &state)
        drawnSample = (UInt32(truncatingIfNeeded: seen[upper].state.frameID), seen[upper].monotonic)
    }
}
