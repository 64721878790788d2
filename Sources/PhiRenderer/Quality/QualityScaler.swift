/// Decides how much is drawn, so that the frame rate holds.
struct QualityScaler {
    /// What is drawn now.
    private(set) var level: QualityLevel

    /// - Parameters:
    ///   - fps: Frames a second to hold.
    ///   - level: What is drawn to begin with.
    init(fps: Int, level: QualityLevel) { self.level = level }

    /// Takes what a finished frame cost, and returns the change that follows from it, if one does.
    /// - Parameters:
    ///   - cost: How long the frame kept processor and device busy, s.
    ///   - isLate: Whether frames were skipped because of it.
    ///   - time: s of any steady clock.
    mutating func frame(cost: Double, isLate: Bool, at time: Double) -> QualityChange? { nil }
}
