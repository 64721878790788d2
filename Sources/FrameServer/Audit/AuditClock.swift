import FoundationEssentials

/// The time of day as audit logs have it.
enum AuditClock {
    static func now() -> String {
        Date().formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }
}
