/// How much is drawn, 0 … 5 (domain §5).
public struct QualityLevel: BitwiseCopyable, Sendable, Equatable {
    /// 0 (minimal) … 5 (everything).
    public let level: Int

    /// Everything, at full resolution.
    public static let full = QualityLevel(level: 5)

    /// Flat colours at half resolution.
    public static let minimal = QualityLevel(level: 0)

    private init(level: Int) { self.level = level }

    /// Nil where `level` is not in 0 … 5.
    public init?(_ level: Int) {
        guard (0...5).contains(level) else { return nil }
        self.level = level
    }

    /// The resolution of shapes relative to the finished picture. Text is always drawn at full resolution.
    public var scale: Double { 0.5 + 0.1 * Double(level) }

    /// All levels, from the least to the most.
    public static let all = (0...5).map { QualityLevel(level: $0) }

    /// What is drawn, in a few words.
    public var summary: String {
        switch level {
        case 0: "flat colours, half resolution"
        case 1: "gradients, 0.6 of the resolution"
        case 2: "breathing, 0.7 of the resolution"
        case 3: "links, 0.8 of the resolution"
        case 4: "glow, 0.9 of the resolution"
        default: "everything, full resolution"
        }
    }

    var hasGradients: Bool { level >= 1 }
    var breathes: Bool { level >= 2 }
    var hasLinks: Bool { level >= 3 }
    var hasGlow: Bool { level >= 4 }
    var hasTrails: Bool { level >= 4 }
}
