import Foundation
import FrameServer

/// Where configuration, presets, sessions, snapshots, logs and caches are.
struct DataDirectory: Sendable {
    let url: URL
    /// Who chose it.
    let source: ProfileEntry.Source

    /// - Parameter path: As given by a flag; nil for SOUNDLAB_DATA_DIR, else the user's own place.
    init(_ path: String?) {
        if let path, !path.isEmpty {
            url = URL(filePath: path)
            source = .flag
            return
        }
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["SOUNDLAB_DATA_DIR"], !path.isEmpty {
            url = URL(filePath: path)
            source = .environment
        } else if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") {
            url = URL(filePath: base).appending(path: "phi-matrix")
            source = .standard
        } else {
            url = FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share/phi-matrix")
            source = .standard
        }
    }

    var configuration: URL { url.appending(path: "config/phi-matrix.yaml") }
    var presets: URL { url.appending(path: "presets") }
    var sessions: URL { url.appending(path: "sessions") }
    var cache: URL { url.appending(path: "cache") }

    /// The parts that are made at the start of the server.
    static let parts = ["config", "presets", "sessions", "snapshots", "logs", "cache"]

    /// Makes what is missing.
    func create() throws {
        for part in Self.parts {
            do {
                try FileManager.default.createDirectory(
                    at: url.appending(path: part), withIntermediateDirectories: true)
            } catch {
                throw CommandError(
                    .inputOutput,
                    "The data directory \(url.path) cannot be written; mend its permissions or give another with --data-dir."
                )
            }
        }
    }

    /// Tells Mesa to keep compiled shaders here. Has to come before the first Vulkan call.
    func useForShaderCache() {
        // Without the folder Mesa complains on stderr; where it cannot be made, shaders are compiled anew each time.
        try? FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        setenv("MESA_SHADER_CACHE_DIR", cache.path, 0)
    }
}
