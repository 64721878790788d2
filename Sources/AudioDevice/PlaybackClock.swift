/// Tells when a sample is heard, from the times at which the hardware asked for others: those come in bursts and late, so
/// they are averaged.
struct PlaybackClock {
    /// Samples of each channel a second.
    static let rate = 48_000.0
    /// The time over which demands are averaged, s: short enough that a quartz that is 100 ppm off is followed within 0.2 ms.
    private static let window = 2.0
    /// A demand that is further off than this is no jitter: the hardware has begun anew or stood still, s.
    private static let jump = 0.1

    /// When sample 0 was asked for, or would have been, ns of the monotonic clock; nil before the first demand.
    private var origin: Double?
    private var last: UInt64 = 0
    private var averaged = 0.0

    /// - Parameters:
    ///   - count: Samples that were asked for before.
    ///   - time: Of the demand, ns of the monotonic clock.
    mutating func demanded(after count: UInt64, at time: UInt64) {
        let seen = Double(time) - Double(count) / Self.rate * 1e9
        guard let origin, abs(seen - origin) < Self.jump * 1e9 else {
            (self.origin, last, averaged) = (seen, time, 0)
            return
        }
        let elapsed = Double(time - min(last, time)) * 1e-9
        last = time
        averaged = min(averaged + elapsed, Self.window)
        // At first the plain mean of what was seen, so that the first demand does not count for long.
        let share = averaged > 0 ? min(1, elapsed / averaged) : 0
        self.origin = origin + (seen - origin) * share
    }

    /// When the hardware asks for sample `number`, ns of the monotonic clock; nil before the first demand.
    func time(of number: UInt64) -> UInt64? { origin.map { UInt64(max(0, $0 + Double(number) / Self.rate * 1e9)) } }
}
