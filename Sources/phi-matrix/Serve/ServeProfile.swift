import Foundation
import FrameCodec
import FrameServer
import Logging
import PhiModel

/// What the running server was started with, for `GET /api/profile`.
struct ServeProfile: Sendable {
    let entries: [ProfileEntry]

    init(settings: ServeSettings, picture: PictureOptions, composition: ServeComposition) {
        let sources = settings.sources
        func entry(_ key: String, _ value: JSONValue) -> ProfileEntry {
            ProfileEntry(key: key, value: value, source: sources[key])
        }
        func secret(_ key: String, _ value: String?) -> ProfileEntry {
            ProfileEntry(key: key, isSecretSet: value != nil, source: sources[key])
        }
        func option(_ key: String, _ value: JSONValue) -> ProfileEntry {
            ProfileEntry(key: key, value: value, source: Self.isGiven(key) ? .flag : .standard)
        }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        entries = [
            entry("host", .string(settings.host)), entry("port", .number(Double(settings.port))),
            entry("max_connections", .number(Double(settings.limits.connections))),
            entry("max_connections_per_ip", .number(Double(settings.limits.connectionsPerAddress))),
            entry("allowed_origins", .array(settings.allowedOrigins.map { .string($0) })),
            secret("auth_token", settings.authToken), secret("view_token", settings.viewToken),
            entry("log_level", .string(settings.logLevel.rawValue)),
            entry("log_format", .string(settings.logFormat.rawValue)), entry("audit_log", text(settings.auditLog)),
            entry("tls_cert", text(settings.tls?.certificate)), entry("tls_key", text(settings.tls?.key)),
            ProfileEntry(
                key: "data_dir", value: .string(composition.data.url.path), source: composition.data.source),
            option("preset", text(picture.preset)), option("scene", text(picture.scene)),
            option("size", .string("\(picture.size)")), option("fps", .number(Double(picture.fps))),
            option("quality", .string(picture.quality.defaultValueDescription)), option("device", text(picture.device)),
            option("seed", .number(Double(picture.seed))), option("engine", .string(picture.engine)),
            option("record", .bool(composition.isRecording)),
            option("output", .array(composition.outputs.map { .string($0.name) })),
            option(
                "bitrate",
                .string("\(composition.bitrates.lowerBound)-\(composition.bitrates.upperBound) bit/s")),
        ]
    }

    /// Whether an option is on the command line.
    private static func isGiven(_ key: String) -> Bool {
        let flag = "--" + key.replacingOccurrences(of: "_", with: "-")
        return CommandLine.arguments.contains { $0 == flag || $0.hasPrefix(flag + "=") }
    }
}
