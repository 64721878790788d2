import Histogram

/// The distribution of durations over about the last five seconds.
struct RollingDistribution: Sendable {
    private static let span: UInt64 = 1_000_000
    private static let spanCount: UInt64 = 5
    private static let longest: UInt64 = 10_000_000

    private var spans: [Histogram<UInt32>]
    private var current: UInt64 = 0

    init() {
        let empty = Histogram<UInt32>(highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .two)
        spans = Array(repeating: empty, count: Int(Self.spanCount))
    }

    /// Takes one duration in µs. One beyond ten seconds counts as ten seconds.
    mutating func record(_ microseconds: UInt64, at now: UInt64) {
        advance(to: now)
        spans[Int(current % Self.spanCount)].record(min(microseconds, Self.longest))
    }

    /// - Returns: Milliseconds, all zero where nothing was recorded of late.
    mutating func percentiles(at now: UInt64) -> Percentiles {
        advance(to: now)
        var all = spans[0]
        for other in spans.dropFirst() { all.add(other) }
        guard all.totalCount > 0 else { return Percentiles() }
        return Percentiles(
            p50: Double(all.valueAtPercentile(50)) / 1_000, p95: Double(all.valueAtPercentile(95)) / 1_000,
            p99: Double(all.valueAtPercentile(99)) / 1_000, max: Double(all.max) / 1_000, mean: all.mean / 1_000,
            count: all.totalCount)
    }

    private mutating func advance(to now: UInt64) {
        let index = now / Self.span
        guard index > current else { return }
        for passed in 1...min(index - current, Self.spanCount) {
            spans[Int((current + passed) % Self.spanCount)].reset()
        }
        current = index
    }
}

/// Points of a distribution of durations, in milliseconds from 0 to 10,000 and good to two digits; all zero where there
/// were none.
public struct Percentiles: Sendable, Equatable, Encodable {
    /// The median.
    public var p50 = 0.0
    /// Reached or exceeded by one in twenty.
    public var p95 = 0.0
    /// Reached or exceeded by one in a hundred.
    public var p99 = 0.0
    /// The longest.
    public var max = 0.0
    /// The average.
    public var mean = 0.0
    /// How many durations it is made of.
    public var count: UInt64 = 0

    /// Of no durations: all zero.
    public init() {}

    init(p50: Double, p95: Double, p99: Double, max: Double, mean: Double, count: UInt64) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
        self.max = max
        self.mean = mean
        self.count = count
    }
}
