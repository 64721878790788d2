import FrameServer
import Foundation
import PhiEngine
import PhiModel
import PhiRenderer
import Synchronization

/// Changes engine and renderer to presets, for the server.
final class PresetAdapter: PresetPort {
    private let files: PresetFiles
    private let controls: RenderControls
    private let engine: EngineLoop
    private let newest: Mutex<String?>

    /// - Parameter loaded: The preset that the program was started with.
    init(files: PresetFiles, controls: RenderControls, engine: EngineLoop, loaded: String?) {
        self.files = files
        self.controls = controls
        self.engine = engine
        newest = Mutex(loaded)
    }

    var loaded: String? { newest.withLock { $0 } }

    func presets() async -> [NamedPreset] {
        await offLoop {
            self.files.locations.compactMap { location in
                (try? self.files.load(location.url)).map { NamedPreset(id: location.name, preset: $0) }
            }
        }
    }

    func preset(_ id: String) async throws -> NamedPreset? {
        // A name among those that exist: never a path.
        let result: Result<NamedPreset?, any Error> = await offLoop {
            Result {
                try self.files.locations.first { $0.name == id }.map {
                    NamedPreset(id: id, preset: try self.files.load($0.url))
                }
            }
        }
        return try result.get()
    }

    func load(_ named: NamedPreset, seconds: Double?) -> PresetChange {
        let preset = named.preset
        var transition = preset.resolvedTransition
        transition.seconds = seconds ?? transition.seconds
        let scene = preset.scene.flatMap { try? SceneCatalog.index(of: $0) } ?? controls.sceneIndex
        controls.show(scene: scene, look: preset.resolvedLook, transition: transition)
        engine.apply(EngineSettings(preset))
        newest.withLock { $0 = named.id }
        return PresetChange(scene: SceneCatalog.entries[scene].name, transition: transition)
    }

    /// Runs what reads files on a thread that may wait.
    private func offLoop<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}
