import FrameServer
import Logging

/// A setting that the environment or the configuration file may have.
struct SettingKey: Sendable {
    /// What its value has to be.
    enum Kind: Sendable {
        case number(ClosedRange<Int>)
        case choice([String])
        case text
        /// Words with a comma between two, or a YAML list.
        case list
        case token
    }

    /// As in the file; in the environment it is SOUNDLAB_ and capitals.
    let name: String
    let kind: Kind
    /// Whether SIGHUP changes it in a server that runs.
    let isReloadable: Bool

    var environmentName: String { "SOUNDLAB_" + name.uppercased() }

    static let all = [
        SettingKey(name: "host", kind: .text, isReloadable: false),
        SettingKey(name: "port", kind: .number(0...65_535), isReloadable: false),
        SettingKey(name: "max_connections", kind: .number(1...100_000), isReloadable: true),
        SettingKey(name: "max_connections_per_ip", kind: .number(1...100_000), isReloadable: true),
        SettingKey(name: "max_requests_per_second", kind: .number(1...100_000), isReloadable: true),
        SettingKey(name: "allowed_origins", kind: .list, isReloadable: true),
        SettingKey(name: "auth_token", kind: .token, isReloadable: true),
        SettingKey(name: "view_token", kind: .token, isReloadable: true),
        SettingKey(
            name: "log_level", kind: .choice(Logger.Level.allCases.map(\.rawValue)), isReloadable: true),
        SettingKey(name: "log_format", kind: .choice(LogFormat.allCases.map(\.rawValue)), isReloadable: false),
        SettingKey(name: "env", kind: .text, isReloadable: false),
        SettingKey(name: "audit_log", kind: .text, isReloadable: false),
        SettingKey(name: "tls_cert", kind: .text, isReloadable: false),
        SettingKey(name: "tls_key", kind: .text, isReloadable: false),
    ]

    static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }

    /// What is wrong with a value, as the end of a sentence that begins with the setting; nil where nothing is.
    func complaint(about text: String) -> String? {
        switch kind {
        case .number(let range):
            guard let value = Int(text), range.contains(value) else {
                return "'\(text)' is none; give a number from \(range.lowerBound) to \(range.upperBound)"
            }
        case .choice(let choices):
            guard choices.contains(text.lowercased()) else {
                return "'\(text)' is none; choose one of: \(choices.joined(separator: ", "))"
            }
        case .token:
            // A token is never repeated.
            guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                return "it must be of ASCII letters, digits and signs without spaces"
            }
        case .text, .list: break
        }
        return nil
    }
}
