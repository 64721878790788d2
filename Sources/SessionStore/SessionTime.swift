import FoundationEssentials

/// Times in a session's description.
enum SessionTime {
    /// ISO 8601 in UTC, to the millisecond.
    static func now() -> String {
        Date().ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt))
    }
}
