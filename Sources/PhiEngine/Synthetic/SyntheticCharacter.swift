import PhiModel

/// What makes one synthetic engine unlike another; a preset can fill it.
public struct SyntheticCharacter: BitwiseCopyable, Sendable, Equatable {
    /// The middle that the coupling of every pair swings around, [−1, 1]: negative where pairs mostly repel each other.
    public var couplingBase: Double
    /// How far it swings to either side, [0, 2].
    public var couplingSwing: Double
    /// How far the natural frequencies lie apart, [0, 2]: 0 for all alike, 1 as they are given, 2 for twice the intervals.
    public var spread: Double
    /// How far the natural frequencies wander, as a share of themselves, [0, 0.5].
    public var drift: Double

    /// What the engine is like without a preset.
    public init(couplingBase: Double = 0.5, couplingSwing: Double = 0.9, spread: Double = 1, drift: Double = 0) {
        self.couplingBase = couplingBase
        self.couplingSwing = couplingSwing
        self.spread = spread
        self.drift = drift
    }

    /// The character at fraction `t` of the way to another.
    func interpolated(to other: SyntheticCharacter, _ t: Double) -> SyntheticCharacter {
        SyntheticCharacter(
            couplingBase: couplingBase.interpolated(to: other.couplingBase, t),
            couplingSwing: couplingSwing.interpolated(to: other.couplingSwing, t),
            spread: spread.interpolated(to: other.spread, t), drift: drift.interpolated(to: other.drift, t))
    }
}
