import Configuration
import FrameServer
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at SIGHUP, and applies what can be applied to a server that runs. A file with a mistake
/// changes nothing.
struct SettingsReload: Service {
    /// What was given on the command line, by key: it stays in force.
    let flags: [AbsoluteConfigKey: ConfigValue]
    let data: DataDirectory
    let server: FrameServer
    let profile: ServeProfile
    let level: LogLevelSwitch
    let logger: Logger
    /// What the server was started with.
    let initial: ServeSettings

    func run() async throws {
        var settings = initial
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                settings = apply(try await ServeSettings(flags: flags, dataDirectory: data), after: settings)
            } catch {
                logger.error("The configuration was not read again, and what was in force stays: \(error)")
            }
        }
    }

    /// - Returns: What is in force now.
    private func apply(_ wanted: ServeSettings, after settings: ServeSettings) -> ServeSettings {
        var next = wanted
        // What a running server cannot change stays as it is.
        (next.host, next.port, next.logFormat) = (settings.host, settings.port, settings.logFormat)
        (next.environment, next.auditLog, next.tls) = (settings.environment, settings.auditLog, settings.tls)
        server.admit(
            limits: next.limits, allowedOrigins: next.allowedOrigins, authToken: next.authToken,
            viewToken: next.viewToken)
        server.reloadCertificate()
        level.current = next.logLevel
        profile.update(next)
        let changed = Self.names(settings, next), waiting = Self.names(next, wanted)
        logger.notice(
            "The configuration was read again.",
            metadata: ["changed": "\(changed.isEmpty ? "nothing" : changed.joined(separator: ", "))"])
        if !waiting.isEmpty {
            logger.warning(
                "\(waiting.joined(separator: ", ")) cannot change while the server runs; start it again for that.")
        }
        return next
    }

    /// The settings in which two differ.
    private static func names(_ a: ServeSettings, _ b: ServeSettings) -> [String] {
        var names: [String] = []
        func compare<Value: Equatable>(_ name: String, _ value: (ServeSettings) -> Value) {
            if value(a) != value(b) { names.append(name) }
        }
        compare("host") { $0.host }
        compare("port") { $0.port }
        compare("max_connections") { $0.limits.connections }
        compare("max_connections_per_ip") { $0.limits.connectionsPerAddress }
        compare("max_requests_per_second") { $0.limits.requestsPerSecond }
        compare("allowed_origins") { $0.allowedOrigins }
        compare("auth_token") { $0.authToken }
        compare("view_token") { $0.viewToken }
        compare("log_level") { $0.logLevel }
        compare("log_format") { $0.logFormat }
        compare("env") { $0.environment }
        compare("audit_log") { $0.auditLog }
        compare("tls_cert") { $0.tls?.certificate }
        compare("tls_key") { $0.tls?.key }
        return names
    }
}
