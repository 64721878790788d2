import FrameServer
import Logging
import PhiModel

extension ServeSettings {
    /// Each setting with its value and where it comes from; tokens are masked.
    var entries: [ProfileEntry] {
        func entry(_ key: String, _ value: JSONValue) -> ProfileEntry {
            ProfileEntry(key: key, value: value, source: sources[key])
        }
        func secret(_ key: String, _ value: String?) -> ProfileEntry {
            ProfileEntry(key: key, isSecretSet: value != nil, source: sources[key])
        }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            entry("host", .string(host)), entry("port", .number(Double(port))),
            entry("max_connections", .number(Double(limits.connections))),
            entry("max_connections_per_ip", .number(Double(limits.connectionsPerAddress))),
            entry("max_requests_per_second", .number(Double(limits.requestsPerSecond))),
            entry("allowed_origins", .array(allowedOrigins.map { .string($0) })),
            secret("auth_token", authToken), secret("view_token", viewToken),
            entry("log_level", .string(logLevel.rawValue)), entry("log_format", .string(logFormat.rawValue)),
            entry("env", .string(environment)), entry("audit_log", text(auditLog)),
            entry("tls_cert", text(tls?.certificate)),
            entry("tls_key", text(tls?.key)),
        ]
    }
}
