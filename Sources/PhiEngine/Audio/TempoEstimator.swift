import Glibc

/// Feels the tempo: by the autocorrelation of what is new, over the last eight seconds, with a liking for 120 beats a minute.
final class TempoEstimator {
    /// Beats a minute that are felt.
    static let range = 40.0...220.0
    /// Hops that are looked at.
    private static let length = 768
    /// Hops between two estimates, and before the first.
    private static let pause = 47, beginning = 282
    /// Octaves around 120 in which the liking falls to 61 %.
    private static let breadth = 1.1
    /// A tempo twice as fast is taken where its correlation comes this close.
    private static let doubling: Float = 0.9
    /// Less correlation is no rhythm.
    private static let leastConfidence = 0.15

    /// Beats a minute; 0 where none is felt.
    private(set) var tempo = 0.0
    /// [0, 1].
    private(set) var confidence = 0.0
    /// Whether the last `update` estimated anew.
    private(set) var isNew = false

    private let hopsPerMinute: Double
    private let lags: ClosedRange<Int>
    /// What was new, the oldest at `position`.
    private let history: UnsafeMutablePointer<Float>
    /// The same, oldest first, without its mean.
    private let ordered: UnsafeMutablePointer<Float>
    /// By lag.
    private let correlation: UnsafeMutablePointer<Float>
    private var position = 0
    private var count = 0
    private var untilNext = TempoEstimator.beginning

    /// - Parameter interval: Seconds a hop.
    init(interval: Double) {
        hopsPerMinute = 60 / interval
        lags =
            Int(
                (hopsPerMinute / Self.range.upperBound).rounded(.down))...Int(
                (hopsPerMinute / Self.range.lowerBound).rounded(.up))
        func memory() -> UnsafeMutablePointer<Float> {
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: Self.length)
            memory.initialize(repeating: 0, count: Self.length)
            return memory
        }
        history = memory()
        ordered = memory()
        correlation = memory()
    }

    deinit {
        history.deallocate()
        ordered.deallocate()
        correlation.deallocate()
    }

    /// Takes how new the newest hop is, ≥ 0.
    func update(_ novelty: Double) {
        history[position] = Float(novelty)
        position = (position + 1) % Self.length
        count = min(count + 1, Self.length)
        untilNext -= 1
        isNew = untilNext <= 0
        guard isNew else { return }
        untilNext = Self.pause
        estimate()
    }

    /// How many hops ago the last beat was, [0, lag): the comb with the distance `lag` that lies best on what was new.
    func hopsSinceBeat(lag: Double) -> Double {
        var best: Float = -1
        var offset = 0
        for start in 0..<max(1, Int(lag.rounded())) {
            var sum: Float = 0
            var place = Double(count - 1 - start)
            while place >= 0 {
                sum += ordered[Int(place.rounded())]
                place -= lag
            }
            if sum > best { (best, offset) = (sum, start) }
        }
        return Double(offset)
    }

    private func estimate() {
        var mean: Float = 0
        for n in 0..<count { mean += history[n] }
        mean /= Float(count)
        let first = count < Self.length ? 0 : position
        // Onsets are an instant wide, and lags whole hops: smoothing lets beats between two hops be seen.
        for n in 0..<count {
            func at(_ n: Int) -> Float { n < 0 || n >= count ? 0 : history[(first + n) % Self.length] - mean }
            ordered[n] = 0.25 * at(n - 1) + 0.5 * at(n) + 0.25 * at(n + 1)
        }
        correlate()
        guard correlation[0] > 1e-7 else { return forget() }
        var best = lags.lowerBound
        var score: Float = -1
        for lag in lags where lag + 1 < count / 2 {
            let value = liking(lag) * correlation[lag] * (1 + 0.5 * max(0, peak(2 * lag)))
            if value > score { (best, score) = (lag, value) }
        }
        let half = (best + 1) / 2
        if half >= lags.lowerBound, peak(half) >= Self.doubling * peak(best) { best = place(half) }
        let certainty = Double(peak(best))
        guard certainty >= Self.leastConfidence else { return forget() }
        confidence = min(1, certainty)
        tempo = hopsPerMinute / refined(best)
    }

    private func forget() {
        tempo = 0
        confidence = 0
    }

    /// Normalised by what is heard, and by how much of it overlaps.
    private func correlate() {
        var energy: Float = 0
        for n in 0..<count { energy += ordered[n] * ordered[n] }
        correlation[0] = energy / Float(count)
        guard correlation[0] > 1e-7 else { return }
        let longest = min(count - 1, 4 * lags.upperBound, Self.length - 2)
        for lag in 1...longest {
            var sum: Float = 0
            for n in lag..<count { sum += ordered[n] * ordered[n - lag] }
            correlation[lag] = sum / Float(count - lag) / correlation[0]
        }
    }

    /// The place of the greatest correlation within a hop of `lag`.
    private func place(_ lag: Int) -> Int {
        var best = lag
        for near in max(1, lag - 1)...(lag + 1) where near < count / 2 && correlation[near] > correlation[best] {
            best = near
        }
        return best
    }

    private func peak(_ lag: Int) -> Float { lag + 1 < count / 2 ? correlation[place(lag)] : 0 }

    private func liking(_ lag: Int) -> Float {
        let octaves = log2(hopsPerMinute / Double(lag) / 120) / Self.breadth
        return Float(exp(-0.5 * octaves * octaves))
    }

    /// The lag to a fraction of a hop: a parabola through the peak, at the greatest multiple that is still looked at.
    private func refined(_ lag: Int) -> Double {
        var exact = parabola(lag)
        for multiple in [2.0, 4.0] {
            let far = Int((exact * multiple).rounded())
            guard far + 2 < count / 2 else { break }
            let found = place(far)
            // A multiple that is no peak tells nothing.
            guard correlation[found] > 0.5 * correlation[lag], found > 1, correlation[found] >= correlation[found - 1],
                correlation[found] >= correlation[found + 1]
            else { break }
            exact = parabola(found) / multiple
        }
        return exact
    }

    private func parabola(_ lag: Int) -> Double {
        guard lag > 1, lag + 1 < count else { return Double(lag) }
        let a = Double(correlation[lag - 1]), b = Double(correlation[lag]), c = Double(correlation[lag + 1])
        let bend = a - 2 * b + c
        guard bend < -1e-9 else { return Double(lag) }
        return Double(lag) + min(max(0.5 * (a - c) / bend, -0.5), 0.5)
    }
}
