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
    /// What the server is for, such as "production" or "staging".
    var environment: String
    /// The file that takes what changes something; nil for none.
    var auditLog: String?
    /// The PEM files of a port that speaks TLS; nil for one that does not.
    var tls: (certificate: String, key: String)?
    /// Where each setting came from.
    let sources: SettingSources

    /// - Parameter flags: What was given on the command line, by key.
    init(flags: [AbsoluteConfigKey: ConfigValue], dataDirectory: DataDirectory) async throws {
        let path = dataDirectory.configuration.path
        let sources = SettingSources()
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: flags),
            EnvironmentVariablesProvider(
                secretsSpecifier: .specific(["SOUNDLAB_AUTH_TOKEN", "SOUNDLAB_VIEW_TOKEN"])
            ).prefixKeys(with: "soundlab"),
        ]
        if try Self.hasSettings(path) {
            do {
                providers.append(
                    try await FileProvider<YAMLSnapshot>(
                        parsingOptions: .init(secretsSpecifier: .specific(["auth_token", "view_token"])),
                        filePath: FilePath(path)))
            } catch {
                throw CommandError(.badInput, "The configuration \(path) cannot be read: \(error)")
            }
        }
        let reader = ConfigReader(providers: providers, accessReporter: sources)
        host = reader.string(forKey: "host", default: "127.0.0.1")
        port = try Self.number(reader, "port", default: 8_000)
        limits = ServerConfiguration.Limits(
            connections: try Self.number(reader, "max_connections", default: 100),
            connectionsPerAddress: try Self.number(reader, "max_connections_per_ip", default: 10),
            requestsPerSecond: try Self.number(reader, "max_requests_per_second", default: 50))
        let origins =
            reader.stringArray(forKey: "allowed_origins")
            ?? reader.string(forKey: "allowed_origins", default: "").split(separator: ",").map(String.init)
        allowedOrigins = origins.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        authToken = try await Self.token(reader, "auth_token")
        viewToken = try await Self.token(reader, "view_token")
        logLevel = try Self.choice(reader, "log_level", default: .info)
        logFormat = try Self.choice(reader, "log_format", default: .text)
        environment = reader.string(forKey: "env").flatMap { $0.isEmpty ? nil : $0 } ?? "production"
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

    /// Whether there is a file with settings; one with a mistake is an error.
    private static func hasSettings(_ path: String) throws -> Bool {
        guard let data = try ConfigurationFile(path: path).read() else { return false }
        let findings = ConfigurationFile.findings(in: data)
        if let first = findings.first {
            let more = findings.count > 1 ? "; 'phi-matrix config check' lists all \(findings.count)" : ""
            throw CommandError(.badInput, "\(path), line \(first.line): \(first.text)\(more).")
        }
        return !ConfigurationFile.isEmpty(String(decoding: data, as: UTF8.self))
    }

    /// A number from the first source that has one; a value that is none is an error, never passed over.
    private static func number(_ reader: ConfigReader, _ key: String, default standard: Int) throws -> Int {
        guard let text = reader.string(forKey: ConfigKey(key)) ?? reader.int(forKey: ConfigKey(key)).map(String.init)
        else { return standard }
        try check(key, text)
        return Int(text) ?? standard
    }

    /// A token, if there is one. Never repeats what was given, and never takes something unreadable for no token.
    private static func token(_ reader: ConfigReader, _ key: String) async throws -> String? {
        let text: String?
        do {
            text = try await reader.fetchString(forKey: ConfigKey(key), isSecret: true)
        } catch {
            throw CommandError(.usage, "The \(key) cannot be read as text; put it in quotes.")
        }
        guard let text, !text.isEmpty else { return nil }
        try check(key, text)
        return text
    }

    private static func choice<Choice: RawRepresentable>(
        _ reader: ConfigReader, _ key: String, default standard: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = reader.string(forKey: ConfigKey(key)) else { return standard }
        try check(key, text)
        return Choice(rawValue: text.lowercased()) ?? standard
    }

    private static func check(_ key: String, _ text: String) throws {
        guard let complaint = SettingKey.named(key)?.complaint(about: text) else { return }
        throw CommandError(.usage, "The setting \(key) cannot be used: \(complaint).")
    }
}
