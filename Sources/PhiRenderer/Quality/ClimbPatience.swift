/// How long there has to be time to spare before a level is tried: longer after each attempt that had to be taken back, so
/// that a load at the edge between two levels makes no flicker.
struct ClimbPatience: BitwiseCopyable {
    /// s.
    private static let shortest = 4.0
    private static let longest = 240.0
    /// Without a fall for so long, s, half of what was added is forgiven. Longer than the longest wait, so that attempts
    /// that fail again and again are not.
    private static let forgiveness = 300.0

    /// By level, s.
    private var waits = InlineArray<6, Double>(repeating: Self.shortest)
    /// By level: when it was climbed to last, s; long ago to begin with.
    private var climbs = InlineArray<6, Double>(repeating: -.infinity)
    private var quietSince = 0.0

    /// How long there has to be time to spare before `level` is tried, s.
    func wait(for level: Int) -> Double { waits[level] }

    mutating func climbed(to level: Int, at time: Double) { climbs[level] = time }

    /// Whether `level` was climbed to a moment ago, so that the one below is known to fit.
    func isTrying(_ level: Int, at time: Double) -> Bool { time - climbs[level] < 10 }

    /// `level` was too much. Where it was climbed to only lately, it has to wait twice as long.
    mutating func fell(from level: Int, at time: Double) {
        if time - climbs[level] < max(30, 2 * waits[level]) {
            waits[level] = min(2 * waits[level], Self.longest)
        }
        quietSince = time
    }

    /// To be told of the time now and then.
    mutating func pass(_ time: Double) {
        guard time - quietSince > Self.forgiveness else { return }
        for level in waits.indices { waits[level] = max(waits[level] / 2, Self.shortest) }
        quietSince = time
    }

    /// What was climbed to before says nothing any more: somebody chose a level.
    mutating func forgetClimbs() { climbs = InlineArray(repeating: -.infinity) }
}
