/// How long to wait before the next attempt at a connection: 0.25 s, then twice as long each time up to 10 s, and up to a
/// quarter more or less by chance, so that many clients of a server do not come back at once.
struct ReconnectDelay {
    private static let range = 0.25...10.0
    private var attempts = 0

    /// Seconds until the next attempt.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
        let plain = min(Self.range.lowerBound * Double(1 << min(attempts, 6)), Self.range.upperBound)
        attempts += 1
        return min(plain * Double.random(in: 0.75...1.25, using: &generator), Self.range.upperBound)
    }

    /// It worked.
    mutating func reset() { attempts = 0 }
}
