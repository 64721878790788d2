/// By how many samples a lane has moved on from one state to the next.
enum WaveformLag {
    /// The lags that are looked at. Waves move to the left, as newer sound comes in from the right; a lane whose end is
    /// chosen by its engine may be off by a little in either direction.
    private static let range = -24...72
    /// Where both lanes are compared: in reach of every lag, a multiple of 16 samples.
    private static let window = (start: 24, count: 416)
    /// Of lags that fit alike, as with a steady tone, the one near a usual step is taken. How much worse than it, relative to
    /// the energy of both lanes, a lag at the end of the range may fit.
    private static let usual = 4
    private static let preference: Float = 0.04
    /// Two waves that have nothing to do with each other are as far apart as their energy says; up to this share of it they
    /// are taken for the same wave.
    private static let likeness: Float = 0.4

    /// The lag, samples, with b[n] ≈ a[n + lag]; 0 where none fits.
    static func find(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Double {
        let energy = distance(a, nil, 0) + distance(b, nil, 0)
        guard energy > 1e-6 else { return 0 }
        var best = 0.0, least = Float.infinity
        var before = Float.infinity, here = distance(a, b, range.lowerBound)
        for lag in range {
            let after = lag < range.upperBound ? distance(a, b, lag + 1) : .infinity
            defer { (before, here) = (here, after) }
            guard here <= before, here < after else { continue }
            // The lowest point of the parabola through the three; at an end of the range there are but two.
            let bend = before - 2 * here + after
            let part = bend.isFinite && bend > 0 ? (0.5 * (before - after) / bend).clamped(to: -0.5...0.5) : 0
            let lowest = bend.isFinite ? max(here - 0.25 * (before - after) * part, 0) : here
            let away = Float(lag - usual) / Float(range.upperBound - usual)
            let score = lowest + preference * energy * away * away
            if lowest < likeness * energy, score < least { (best, least) = (Double(lag) + Double(part), score) }
        }
        return best
    }

    /// The sum of the squares of a[n + lag] − b[n], of every second block of eight; without `b`, of `a`.
    private static func distance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>?, _ lag: Int) -> Float {
        var sum = SIMD8<Float>.zero
        let first = UnsafeRawPointer(a + window.start + lag)
        let second = b.map { UnsafeRawPointer($0 + window.start) }
        for n in stride(
            from: 0, to: window.count * MemoryLayout<Float>.size, by: 2 * MemoryLayout<SIMD8<Float>>.size)
        {
            var d = first.loadUnaligned(fromByteOffset: n, as: SIMD8<Float>.self)
            if let second { d -= second.loadUnaligned(fromByteOffset: n, as: SIMD8<Float>.self) }
            sum += d * d
        }
        return sum.sum()
    }
}
