import Foundation
import SessionStore

/// How sessions are shown to people.
enum SessionText {
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Hours, minutes and seconds.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return String(format: "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60)
    }

    static func bytes(_ count: Int) -> String {
        count < 1_000_000
            ? String(format: "%.1f kB", Double(count) / 1e3)
            : count < 1_000_000_000
                ? String(format: "%.1f MB", Double(count) / 1e6)
                : String(format: "%.2f GB", Double(count) / 1e9)
    }

    static func column(_ text: String, _ width: Int) -> String {
        text.padding(toLength: max(width, text.count) + 2, withPad: " ", startingAt: 0)
    }
}
