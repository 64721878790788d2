/// What a frame costs at another level: a part that is always the same and a part that grows with the number of shaded
/// pixels, the square of `QualityLevel.scale`.
struct CostModel: BitwiseCopyable {
    /// The part of the cost at full quality that no level saves, 0 … 0.9. None is assumed to begin with: a climb is then
    /// rather expected to cost too much than too little.
    private(set) var fixedShare = 0.0

    private static func pixels(_ level: Int) -> Double {
        let scale = QualityLevel(level)?.scale ?? QualityLevel.full.scale
        return scale * scale
    }

    /// What a frame will cost at `other` where it costs `cost` at `level`; in the unit of `cost`.
    func predict(_ cost: Double, at level: Int, for other: Int) -> Double {
        cost * relativeCost(other) / relativeCost(level)
    }

    /// The cost of a level relative to full quality, (0, 1].
    private func relativeCost(_ level: Int) -> Double { fixedShare + (1 - fixedShare) * Self.pixels(level) }

    /// Learns from a change of level: half of what it shows is taken over, since the load may have changed as well.
    mutating func learn(from old: Int, costing before: Double, to new: Int, costing after: Double) {
        guard old != new, before > 0, after > 0 else { return }
        let ratio = after / before
        let divisor = (1 - Self.pixels(new)) - ratio * (1 - Self.pixels(old))
        let dividend = ratio * Self.pixels(old) - Self.pixels(new)
        // Without a solution in range the level made no difference, or more than pixels can make.
        let seen: Double
        if new < old {
            seen = divisor > 0 ? dividend / divisor : 0.9
        } else {
            seen = divisor < 0 ? dividend / divisor : 0.9
        }
        fixedShare += 0.5 * (min(max(seen, 0), 0.9) - fixedShare)
    }
}
