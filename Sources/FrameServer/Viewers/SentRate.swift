/// What one viewer was sent since it was last asked for.
struct SentRate {
    private var frames = 0
    private var bytes = 0
    private var since: UInt64

    /// - Parameter since: When the first interval begins, µs.
    init(since: UInt64) { self.since = since }

    mutating func add(bytes: Int) {
        frames += 1
        self.bytes += bytes
    }

    /// Frames and bits a second since the reading before.
    mutating func read(now: UInt64) -> (framesPerSecond: Double, bitsPerSecond: Double) {
        defer {
            frames = 0
            bytes = 0
            since = now
        }
        guard now > since else { return (0, 0) }
        let seconds = Double(now - since) * 1e-6
        return (Double(frames) / seconds, Double(bytes * 8) / seconds)
    }
}
