import Foundation
import Logging

/// How log lines are written, to stderr.
enum LogFormat: String, CaseIterable, Sendable {
    case text, json

    /// - Parameter level: Decides what is written, also later.
    func makeLogger(level: LogLevelSwitch) -> Logger {
        Logger(label: "phi-matrix") { label in
            switch self {
            case .text: SwitchedLogHandler(StreamLogHandler.standardError(label: label), level: level)
            case .json: SwitchedLogHandler(JSONLogHandler(), level: level)
            }
        }
    }
}

/// One JSON object a line.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        let line = Line(
            time: Date().ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true)),
            level: event.level.rawValue, message: "\(event.message)", fields: fields)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var data = try? encoder.encode(line) else { return }
        data.append(UInt8(ascii: "\n"))
        // A reader that went away is no reason to end.
        try? FileHandle.standardError.write(contentsOf: data)
    }

    private struct Line: Encodable {
        var time: String
        var level: String
        var message: String
        var fields: [String: String]
    }
}
