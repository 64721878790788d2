/// Thins a stream of frames to at most so many a second, as evenly as the frames allow.
///
/// A schedule of due times runs at the wanted rate; a frame is taken when it is the nearest to a due time, that is, when
/// the next frame would be further from it.
public struct Cadence: Sendable {
    private var interval: Double
    private var due: Double?
    private var last: Double?
    /// The source's interval, smoothed: a single step says little where frames are not even.
    private var step = 0.0

    /// - Parameter framesPerSecond: At least 1.
    public init(framesPerSecond: Double) { interval = 1e6 / max(1, framesPerSecond) }

    /// Another rate from the next frame on.
    public mutating func change(framesPerSecond: Double) {
        interval = 1e6 / max(1, framesPerSecond)
        due = nil
    }

    /// Whether the frame whose rendering began at `time` (µs) is to be shown.
    public mutating func takes(_ time: UInt64) -> Bool {
        let time = Double(time)
        if let last {
            let passed = min(max(0, time - last), interval)
            step = step > 0 ? step + (passed - step) / 8 : passed
        }
        last = time
        guard let due else {
            self.due = time + interval
            return true
        }
        guard time + step / 2 >= due else { return false }
        // A source slower than the schedule, or one that paused, begins it anew: nothing is owed.
        self.due = due + interval < time ? time + interval / 2 : due + interval
        return true
    }
}
