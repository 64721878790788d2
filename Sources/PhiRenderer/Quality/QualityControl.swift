import Handoff

/// Who decides how much is drawn, followed frame by frame: a person, or the scaler.
struct QualityControl {
    private var scaler: QualityScaler
    private(set) var isAutomatic: Bool
    /// Whether frames were skipped since the last one that was finished.
    var isLate = false

    /// What is drawn now.
    var level: QualityLevel { scaler.level }

    /// - Parameter isSoftware: Whether a processor draws, which keeps the resolution at every level.
    init(_ wishes: RenderWishes, fps: Int, isSoftware: Bool) {
        scaler = QualityScaler(
            fps: fps, level: QualityLevel(wishes.quality) ?? .full, profile: isSoftware ? .software : .pixels)
        isAutomatic = wishes.quality < 0
    }

    /// Takes what is wished, and returns the change that follows from it, if one does.
    mutating func follow(_ wishes: RenderWishes) -> QualityChange? {
        isAutomatic = wishes.quality < 0
        guard let chosen = QualityLevel(wishes.quality), chosen != level else { return nil }
        let change = QualityChange(
            from: level.level, to: chosen.level, reason: .chosen, frameMilliseconds: 0)
        scaler.set(level: chosen)
        return change
    }

    /// Takes a finished frame, and returns the change that follows from it, if one does.
    /// - Parameter time: When it was finished, s of a steady clock.
    mutating func finished(_ info: FrameInfo, at time: Double) -> QualityChange? {
        defer { isLate = false }
        guard isAutomatic else { return nil }
        let cost = Double(info.renderMicroseconds + info.readbackMicroseconds) * 1e-6
        return scaler.frame(cost: cost, isLate: isLate, at: time)
    }
}
