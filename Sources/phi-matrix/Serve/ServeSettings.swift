import Configuration
import Foundation
import FrameServer
import Logging
import SystemPackage

/// What the server is started with: a flag wins over the environment, and that over config/phi-matrix.yaml in the data
/// directory.
struct ServeSettings: Sendable {
    var host: String
    var port: Int
    var limits: ServerConfiguration.Limits
    var allowedOrigins: [String]
    var authToken: String?
    var viewToken: String?
    var logLevel: Logger.Level
    var logFormat: LogFormat
    /// The file that takes what changes something; nil for none.
    var auditLog: String?
    /// The PEM files of a port that speaks TLS; nil for one that does not.
    var tls: (certificate: String, key: String)?
    /// Where each setting came from.
    let sources: SettingSources

    /// - Parameter flags: What was given on the command line, by key.
    init(flags: [AbsoluteConfigKey: ConfigValue], dataDirectory: DataDirectory) async throws {
        let file: FileProvider<YAMLSnapshot>
        do {
            file = try await FileProvider<YAMLSnapshot>(
                parsingOptions: .init(secretsSpecifier: .specific(["auth_token", "view_token"])),
                filePath: FilePath(dataDirectory.configuration.path), allowMissing: true)
        } catch {
            throw CommandError(
                .badInput,
                "The configuration \(dataDirectory.configuration.path) cannot be read: it has to be YAML with keys such as 'port: 8000'."
            )
        }
        let sources = SettingSources()
        let reader = ConfigReader(
            providers: [
                InMemoryProvider(name: "flags", values: flags),
                EnvironmentVariablesProvider(
                    secretsSpecifier: .specific(["SOUNDLAB_AUTH_TOKEN", "SOUNDLAB_VIEW_TOKEN"])
                ).prefixKeys(with: "soundlab"), file,
            ], accessReporter: sources)
        host = reader.string(forKey: "host", default: "127.0.0.1")
        port = try Self.number(reader, "port", 0...65_535, default: 8_000)
        limits = ServerConfiguration.Limits(
            connections: try Self.number(reader, "max_connections", 1...100_000, default: 100),
            connectionsPerAddress: try Self.number(reader, "max_connections_per_ip", 1...100_000, default: 10))
        allowedOrigins = reader.string(forKey: "allowed_origins", default: "")
            .split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        authToken = try await Self.token(reader, "auth_token")
        viewToken = try await Self.token(reader, "view_token")
        logLevel = try Self.choice(reader, "log_level", default: .info)
        logFormat = try Self.choice(reader, "log_format", default: .text)
        auditLog = reader.string(forKey: "audit_log").flatMap { $0.isEmpty ? nil : $0 }
        let files = ["tls_cert", "tls_key"].map { key in
            reader.string(forKey: ConfigKey(key)).flatMap { $0.isEmpty ? nil : $0 }
        }
        switch (files[0], files[1]) {
        case (let certificate?, let key?): tls = (certificate, key)
        case (nil, nil): tls = nil
        default:
            throw CommandError(
                .usage, "TLS needs two files; set both SOUNDLAB_TLS_CERT and SOUNDLAB_TLS_KEY, or neither.")
        }
        self.sources = sources
    }

    /// A number from the first source that has one; a value that is none is an error, never passed over.
    private static func number(
        _ reader: ConfigReader, _ key: ConfigKey, _ range: ClosedRange<Int>, default standard: Int
    ) throws -> Int {
        guard let text = reader.string(forKey: key) ?? reader.int(forKey: key).map(String.init) else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw CommandError(
                .usage,
                "'\(text)' cannot be the \(key); give a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// A token, if there is one. Never repeats what was given, and never takes something unreadable for no token.
    private static func token(_ reader: ConfigReader, _ key: ConfigKey) async throws -> String? {
        let text: String?
        do {
            text = try await reader.fetchString(forKey: key, isSecret: true)
        } catch {
            throw CommandError(.usage, "The \(key) cannot be read as text; put it in quotes.")
        }
        guard let text, !text.isEmpty else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandError(.usage, "The \(key) must be of ASCII letters, digits and signs without spaces.")
        }
        return text
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ reader: ConfigReader, _ key: ConfigKey, default standard: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = reader.string(forKey: key) else { return standard }
        guard let choice = Choice(rawValue: text.lowercased()) else {
            throw CommandError(
                .usage,
                "'\(text)' cannot be the \(key); choose one of: \(Choice.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return choice
    }
}
