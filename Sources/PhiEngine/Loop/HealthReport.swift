import Logging

/// Tells the log how an engine fares: each trouble once, in its own words, and the end of it. However often it changes, lines
/// are at least `shortest` apart, and farther each time, until it keeps still.
struct HealthReport {
    /// Between two lines, s.
    static let shortest = 10.0
    static let longest = 600.0
    /// For so long a trouble may last before it is told, s: an engine that begins has none yet.
    static let grace = 2.0

    struct Line: Equatable {
        var level: Logger.Level
        var text: String
    }

    private var told = EngineHealth(.running)
    private var toldAt = -Double.infinity
    private var pause = Self.shortest
    /// What differs from what was told, and since when.
    private var since: Double?

    /// The line that is due now, if one is.
    /// - Parameter time: Seconds that only grow.
    mutating func line(for health: EngineHealth, at time: Double) -> Line? {
        guard health.condition != told.condition || health.detail != told.detail else {
            since = nil
            // What has kept still for long may be told soon again.
            if time - toldAt > 2 * pause { pause = Self.shortest }
            return nil
        }
        let began = since ?? time
        since = began
        guard time - began >= (health.condition == .failed ? 0 : Self.grace), time - toldAt >= pause else { return nil }
        if toldAt > -.infinity { pause = min(pause * 2, Self.longest) }
        let before = told
        (told, toldAt, since) = (health, time, nil)
        guard health.condition == .running else {
            return Line(level: .warning, text: health.detail ?? "The engine gives no states at present.")
        }
        if let detail = health.detail { return Line(level: .notice, text: detail) }
        return before.condition == .running ? nil : Line(level: .notice, text: "The engine runs again.")
    }
}
