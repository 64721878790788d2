import Foundation
import FrameCodec
import FrameServer
import Logging
import PhiModel
import Synchronization

/// What the running server works with, for `GET /api/profile`.
final class ServeProfile: Sendable {
    private let settings: Mutex<[ProfileEntry]>
    private let options: [ProfileEntry]

    init(settings: ServeSettings, picture: PictureOptions, composition: ServeComposition) {
        func option(_ key: String, _ value: JSONValue) -> ProfileEntry {
            ProfileEntry(key: key, value: value, source: Self.isGiven(key) ? .flag : .standard)
        }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        self.settings = Mutex(settings.entries)
        options = [
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

    var entries: [ProfileEntry] { settings.withLock { $0 } + options }

    /// Other settings are in force.
    func update(_ settings: ServeSettings) { self.settings.withLock { $0 = settings.entries } }

    /// Whether an option is on the command line.
    private static func isGiven(_ key: String) -> Bool {
        let flag = "--" + key.replacingOccurrences(of: "_", with: "-")
        return CommandLine.arguments.contains { $0 == flag || $0.hasPrefix(flag + "=") }
    }
}
