/// A coupling that is strong enough to be drawn as a link between two channels.
public struct CouplingLink: Sendable, Equatable {
    /// The smallest |coupling| that is drawn.
    public static let threshold = 0.3

    /// The two channels, 0 … 7.
    public var from: Int
    public var to: Int
    /// Signed, 0.3 ≤ |coupling| ≤ 1.
    public var coupling: Double
    /// |coupling| · coherence, [0, 1].
    public var strength: Double

    /// The link of a pair, or nil where its coupling is under the threshold.
    public init?(_ i: Int, _ j: Int, in state: borrowing EngineState) {
        let value = state.coupling[i, j]
        guard i != j, abs(value) >= Self.threshold else { return nil }
        from = i
        to = j
        coupling = value
        strength = abs(value) * state.coherence
    }
}
