import Foundation
import ServerProbe

/// Results of checks, one a line.
enum CheckTable {
    static func line(_ result: CheckResult) -> String {
        let mark =
            switch result.outcome {
            case .passed: "PASS"
            case .failed: "FAIL"
            case .skipped: "SKIP"
            }
        return "  \(mark)  \(result.name.padding(toLength: 20, withPad: " ", startingAt: 0))\(result.detail)"
    }
}

/// Reports as JSON.
enum JSONFile {
    /// - Parameter path: - for standard output.
    /// - Throws: `CommandError`.
    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        var data = try encoder.encode(value)
        data.append(UInt8(ascii: "\n"))
        if path == "-" { return try FileHandle.standardOutput.write(contentsOf: data) }
        let url = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: url, options: .atomic)
        } catch {
            throw CommandError(
                .inputOutput, "The results cannot be written to \(path); check that the folder exists and is writable.")
        }
    }
}
