public import CoreMetrics
import Synchronization

/// A value that only grows.
public final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    init() {}

    /// Adds `amount`. A negative one is ignored: a counter that fell would read as a restart.
    public func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLock { $0 += amount }
    }

    /// Adds `amount`, as above.
    public func increment(by amount: Int64) { increment(by: Double(amount)) }
    /// Shows a total that somebody else counts; one that is lower than what is shown is ignored.
    public func raise(to total: Double) {
        guard total.isFinite else { return }
        value.withLock { $0 = max($0, total) }
    }

    /// Back to zero, which a scrape reads as a restart.
    public func reset() { value.withLock { $0 = 0 } }

    func render(name: String, labels: String, into text: inout String) {
        text += "\(MetricName.sample(name, labels)) \(MetricName.number(value.withLock { $0 }))\n"
    }
}

/// A value that goes up and down.
public final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    init() {}

    /// Shows `new` from now on; any number, also one that is not finite.
    public func set(_ new: Double) { value.withLock { $0 = new } }
    /// Shows `new` from now on.
    public func set(_ new: Int64) { set(Double(new)) }
    /// Shows `amount` more.
    public func increment(by amount: Double) { value.withLock { $0 += amount } }
    /// Shows `amount` less.
    public func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    /// The same as `set`.
    public func record(_ new: Double) { set(new) }
    /// The same as `set`.
    public func record(_ new: Int64) { set(Double(new)) }

    func render(name: String, labels: String, into text: inout String) {
        text += "\(MetricName.sample(name, labels)) \(MetricName.number(value.withLock { $0 }))\n"
    }
}

/// How often a duration fell into each of a set of buckets.
public final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    /// Seconds; finest around a frame's time at 60 and 30 Hz.
    public static let standardBuckets = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.0167, 0.025, 0.0334, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]

    private struct Counts: Sendable {
        var perBucket: [UInt64]
        var count: UInt64 = 0
        var sum = 0.0
    }

    private let buckets: [Double]
    private let counts: Mutex<Counts>

    init(buckets: [Double]) {
        self.buckets = buckets.sorted()
        counts = Mutex(Counts(perBucket: Array(repeating: 0, count: buckets.count)))
    }

    /// Takes one duration in seconds; one that is not finite is ignored.
    public func record(_ seconds: Double) {
        guard seconds.isFinite else { return }
        let bucket = buckets.firstIndex { seconds <= $0 }
        counts.withLock { counts in
            if let bucket { counts.perBucket[bucket] += 1 }
            counts.count += 1
            counts.sum += seconds
        }
    }

    /// Takes one duration in whole seconds.
    public func record(_ seconds: Int64) { record(Double(seconds)) }
    /// Takes one duration in nanoseconds.
    public func recordNanoseconds(_ duration: Int64) { record(Double(duration) * 1e-9) }

    func render(name: String, labels: String, into text: inout String) {
        let counts = counts.withLock { $0 }
        var below: UInt64 = 0
        for (bound, count) in zip(buckets, counts.perBucket) {
            below += count
            text += "\(MetricName.sample(name + "_bucket", labels, "le=\"\(MetricName.number(bound))\"")) \(below)\n"
        }
        text += "\(MetricName.sample(name + "_bucket", labels, "le=\"+Inf\"")) \(counts.count)\n"
        text += "\(MetricName.sample(name + "_sum", labels)) \(MetricName.number(counts.sum))\n"
        text += "\(MetricName.sample(name + "_count", labels)) \(counts.count)\n"
    }
}
