import FoundationEssentials

/// Names of backups: `backup-LABEL-YYYYMMDD-HHMMSS.tar.gz` in UTC, the label and its hyphen left out where there is none.
public struct BackupName: Sendable, Equatable {
    public let label: String?
    /// When it was made, to the second.
    public let date: Date

    public init(label: String?, date: Date) {
        self.label = label
        self.date = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }

    /// Nil where `file` is no name of a backup.
    public init?(file: String) {
        guard
            let match = file.wholeMatch(
                of:
                    /backup-(?:([A-Za-z0-9._-]+?)-)?([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2})([0-9]{2})([0-9]{2})\.tar\.gz/
            )
        else { return nil }
        let iso = "\(match.2)-\(match.3)-\(match.4)T\(match.5):\(match.6):\(match.7)Z"
        guard let date = try? Date(iso, strategy: .iso8601) else { return nil }
        self.init(label: match.1.map(String.init), date: date)
    }

    public var file: String {
        let digits = date.ISO8601Format().filter(\.isNumber)
        let middle = label.map { "\($0)-" } ?? ""
        return "backup-\(middle)\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6)).tar.gz"
    }

    /// Whether a label can stand in a name.
    public static func isLabel(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,39}/) != nil
    }
}
