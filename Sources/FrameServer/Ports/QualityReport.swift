public import Telemetry

/// How much the renderer draws, who decides it, and why it is so.
public struct QualityReport: Sendable, Equatable {
    /// How much is drawn now, 0 … 5.
    public var level: Int
    /// Whether the renderer moves the level to hold its frame rate; otherwise it stays where somebody put it.
    public var isAutomatic: Bool
    /// Why the level is what it is.
    public var reason: QualityReason
    /// Changes since the start, by their reason.
    public var changes: [QualityReason: UInt64]

    /// A report; nothing is checked.
    public init(level: Int, isAutomatic: Bool, reason: QualityReason, changes: [QualityReason: UInt64] = [:]) {
        self.level = level
        self.isAutomatic = isAutomatic
        self.reason = reason
        self.changes = changes
    }

    /// As on the wire.
    var mode: String { isAutomatic ? "auto" : "fixed" }
}

/// What somebody asks the renderer to draw.
public enum QualityWish: Sendable, Equatable {
    /// So much, one of the levels that the renderer lists, until somebody asks for something else.
    case level(Int)
    /// As much as the frame rate allows.
    case automatic
}

/// A quality level, as the dashboard lists it.
public struct QualityDescription: Sendable, Codable, Equatable {
    /// 0 … 5.
    public var level: Int
    /// What is drawn at this level, in a few words.
    public var summary: String

    /// A level by number and words.
    public init(level: Int, summary: String) {
        self.level = level
        self.summary = summary
    }
}
