/// What a frame costs at another level: a part that is always the same and a part that grows with what the level shades.
struct CostModel: BitwiseCopyable {
    /// What the levels cost relative to full quality, where nothing is fixed.
    enum Profile: BitwiseCopyable {
        /// In proportion to the number of shaded pixels, the square of `QualityLevel.scale`.
        case pixels
        /// As measured where a processor draws and keeps the resolution: the light is most of what a level saves; links, the
        /// breathing and the last points of the field hardly count.
        case software
    }

    /// The part of the cost at full quality that no level saves, 0 … 0.9. None is assumed to begin with: a climb is then
    /// rather expected to cost too much than too little.
    private(set) var fixedShare = 0.0
    private let profile: Profile

    init(_ profile: Profile = .pixels) { self.profile = profile }

    /// Of the levels 0 … 5 in software.
    private static let software: InlineArray<6, Double> = [0.70, 0.74, 0.75, 0.77, 0.98, 1]

    /// What of the cost at full quality, the fixed part aside, a level has.
    private func variable(_ level: Int) -> Double {
        switch profile {
        case .pixels:
            let scale = QualityLevel(level)?.scale ?? QualityLevel.full.scale
            return scale * scale
        case .software: return Self.software[min(max(level, 0), QualityLevel.full.level)]
        }
    }

    /// What a frame will cost at `other` where it costs `cost` at `level`; in the unit of `cost`.
    func predict(_ cost: Double, at level: Int, for other: Int) -> Double {
        cost * relativeCost(other) / relativeCost(level)
    }

    /// Whether `level` is expected to cost noticeably less than `other`.
    func saves(_ level: Int, comparedWith other: Int) -> Bool { predict(1, at: other, for: level) < Self.noticeable }

    /// The share of the cost from which on less than it is worth a change.
    private static let noticeable = 0.97

    /// The cost of a level relative to full quality, (0, 1].
    private func relativeCost(_ level: Int) -> Double { fixedShare + (1 - fixedShare) * variable(level) }

    /// Learns from a change of level: half of what it shows is taken over, since the load may have changed as well.
    mutating func learn(from old: Int, costing before: Double, to new: Int, costing after: Double) {
        guard old != new, before > 0, after > 0 else { return }
        let ratio = after / before
        let divisor = (1 - variable(new)) - ratio * (1 - variable(old))
        let dividend = ratio * variable(old) - variable(new)
        // Without a solution in range the level made no difference, or more than the profile says.
        let seen: Double
        if new < old {
            seen = divisor > 0 ? dividend / divisor : 0.9
        } else {
            seen = divisor < 0 ? dividend / divisor : 0.9
        }
        fixedShare += 0.5 * (min(max(seen, 0), 0.9) - fixedShare)
    }
}
