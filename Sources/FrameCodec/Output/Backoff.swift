/// How long to wait before the next attempt: twice as long each time, and a little at random, so that many who lost the
/// same target do not come back in one moment.
public struct Backoff: Sendable {
    private let range: ClosedRange<Double>
    private var attempts = 0

    /// - Parameter range: The shortest and the longest wait, seconds.
    public init(_ range: ClosedRange<Double> = 1...30) { self.range = range }

    /// Seconds until the next attempt: between half of the wait and all of it, never less than the shortest.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
        var wait = range.lowerBound
        for _ in 0..<attempts where wait < range.upperBound { wait *= 2 }
        wait = min(wait, range.upperBound)
        attempts += 1
        return max(range.lowerBound, wait * Double.random(in: 0.5...1, using: &generator))
    }

    /// All is well again.
    public mutating func reset() { attempts = 0 }
}
