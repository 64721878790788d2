/// How much is drawn, 0 … 5 (domain §5).
public struct QualityLevel: BitwiseCopyable, Sendable, Equatable {
    /// 0 (minimal) … 5 (everything).
    public let level: Int

    /// Everything, at full resolution.
    public static let full = QualityLevel(level: 5)

    private init(level: Int) { self.level = level }

    /// Nil where `level` is not in 0 … 5.
    public init?(_ level: Int) {
        guard (0...5).contains(level) else { return nil }
        self.level = level
    }

    /// The resolution of shapes relative to the finished picture. Text is always drawn at full resolution.
    public var scale: Double { 0.5 + 0.1 * Double(level) }

    var hasGradients: Bool { level >= 1 }
    var breathes: Bool { level >= 2 }
    var hasLinks: Bool { level >= 3 }
    var hasGlow: Bool { level >= 4 }
}
