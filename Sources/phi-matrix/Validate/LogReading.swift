import Foundation

/// Lines of a log that are errors, in the formats that `SOUNDLAB_LOG_FORMAT` has.
struct LogReading: Sendable {
    private(set) var lines = 0
    /// Lines of the levels error and critical.
    private(set) var errors: [String] = []

    private static let levels: Set<Substring> = ["error", "critical"]

    /// - Parameter text: The log, a line each.
    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            lines += 1
            if Self.isError(line) { errors.append(String(line)) }
        }
    }

    private static func isError(_ line: Substring) -> Bool {
        // What docker and journalctl put before the object is passed over.
        if let start = line.firstIndex(of: "{"),
            let entry = try? JSONDecoder().decode(Entry.self, from: Data(line[start...].utf8))
        {
            return levels.contains(entry.level[...])
        }
        // TIME LEVEL LABEL: MESSAGE; a line that no logger wrote is the last word of a program that fell.
        let words = line.split(separator: " ", maxSplits: 6)
        return words.prefix(6).contains { levels.contains($0) } || line.hasPrefix("Fatal error")
            || line.contains(": Fatal error") || line.contains("Segmentation fault")
    }

    private struct Entry: Decodable { let level: String }
}
