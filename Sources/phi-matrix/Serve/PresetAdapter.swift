import FrameServer
import Foundation
import PhiEngine
import PhiModel
import PhiRenderer
import SessionStore
import Synchronization

/// Keeps presets for the server, and changes engine and renderer to them.
final class PresetAdapter: PresetPort {
    private struct Loaded {
        var id: String?
        var transition: Preset.Entrance?
        /// What was running when it was saved since then, under the loaded one's name.
        var saved: Preset?
    }

    let library: PresetLibrary
    private let controls: RenderControls
    private let engine: EngineLoop
    private let newest: Mutex<Loaded>

    /// - Parameters:
    ///   - loaded: The preset that the program was started with.
    ///   - id: What it is asked for by.
    init(library: PresetLibrary, controls: RenderControls, engine: EngineLoop, loaded: Preset?, id: String?) {
        self.library = library
        self.controls = controls
        self.engine = engine
        newest = Mutex(Loaded(id: id, transition: loaded?.transition))
    }

    var loaded: String? { newest.withLock { $0.id } }

    func presets() async -> [ListedPreset] {
        await offLoop { [library] in
            library.entries.map { entry in
                do throws(PresetStoreError) {
                    return ListedPreset(id: entry.id, isShipped: entry.isShipped, preset: try library.read(entry))
                } catch {
                    return ListedPreset(
                        id: entry.id, isShipped: entry.isShipped, preset: nil, problems: [error.description])
                }
            }
        }
    }

    func preset(_ id: String) async throws -> NamedPreset {
        try await refusing { library throws(PresetStoreError) in
            let entry = try library.entry(id)
            return NamedPreset(id: id, isShipped: entry.isShipped, preset: try library.read(entry))
        }
    }

    func check(_ document: JSONValue) throws -> Preset {
        do throws(PresetStoreError) {
            guard let data = try? document.json() else {
                throw .invalid(PresetError(source: "in the body", reason: "it is not JSON"))
            }
            return try library.parse(data, source: "in the body")
        } catch { throw PresetRefusal(error) }
    }

    func add(_ document: JSONValue, collision: PresetCollisionWish) async throws -> AddedPreset {
        // Before its file is there, so that the watch knows it.
        let running = (try? check(document)).flatMap { isRunning($0) ? $0.anonymous : nil }
        let before = newest.withLock { newest in
            defer { if let running { newest.saved = running } }
            return newest.saved
        }
        func takeBack() { newest.withLock { if running != nil, $0.saved == running { $0.saved = before } } }
        do {
            let kept = try await refusing { library throws(PresetStoreError) in
                let added = try library.add(document, source: "in the body", collision: PresetCollision(collision))
                return AddedPreset(id: added.id, preset: added.preset, action: added.action.rawValue)
            }
            if kept.id != loaded { takeBack() }
            return kept
        } catch {
            takeBack()
            throw error
        }
    }

    func put(_ preset: Preset, as id: String) async throws {
        try await refusing { library throws(PresetStoreError) in try library.put(preset, as: id) }
    }

    func delete(_ id: String) async throws {
        try await refusing { library throws(PresetStoreError) in try library.delete(id) }
    }

    func importBundle(
        _ document: JSONValue, collision: PresetCollisionWish, isTrial: Bool
    ) async throws -> [ImportedPreset] {
        guard let bundle = PresetBundle(document) else {
            throw PresetRefusal(
                .malformed,
                "The body must be what an export gives, a list of presets, or one; at most \(PresetBundle.limit).")
        }
        return try await refusing { library throws(PresetStoreError) in
            try bundle.add(to: library, collision: PresetCollision(collision), isTrial: isTrial).map {
                ImportedPreset(name: $0.name, id: $0.id, action: $0.action, reason: $0.reason)
            }
        }
    }

    func exportBundle(_ ids: [String]?) async throws -> JSONValue {
        try await refusing { library throws(PresetStoreError) in try library.bundle(ids).document }
    }

    /// Whether a preset says what was running when it was saved, and nothing has been loaded since.
    func isSaved(_ preset: Preset) -> Bool { newest.withLock { $0.saved == preset.anonymous } }

    private func isRunning(_ preset: Preset) -> Bool { preset.anonymous == running(name: preset.name).anonymous }

    func load(_ preset: Preset, id: String?, seconds: Double?) -> PresetChange {
        var transition = preset.resolvedTransition
        transition.seconds = seconds ?? transition.seconds
        let scene = preset.scene.flatMap { try? SceneCatalog.index(of: $0) } ?? controls.sceneIndex
        controls.show(scene: scene, look: preset.resolvedLook, transition: transition)
        engine.change { wishes in
            wishes.settings = EngineSettings(preset)
            switch wishes.phi {
            // What a hand held gives way to what the preset says; sensors and controllers stay in charge.
            case .manual, .internal: wishes.phi = .engine
            case .engine, .sensor, .midi: break
            }
        }
        newest.withLock { $0 = Loaded(id: id, transition: preset.transition) }
        return PresetChange(scene: SceneCatalog.entries[scene].name, transition: transition)
    }

    func running(name: String) -> Preset {
        var preset = Preset(
            name: name, wishes: engine.wishes, scene: SceneCatalog.entries[controls.sceneIndex].name,
            look: controls.look)
        preset.transition = newest.withLock { $0.transition }
        return preset
    }

    /// Runs what reads or writes files on a thread that may wait.
    private func refusing<R: Sendable>(
        _ body: @escaping @Sendable (PresetLibrary) throws(PresetStoreError) -> R
    ) async throws -> R {
        let result: Result<R, PresetStoreError> = await offLoop { [library] in
            do throws(PresetStoreError) { return .success(try body(library)) } catch { return .failure(error) }
        }
        return try result.mapError(PresetRefusal.init).get()
    }

    private func offLoop<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}

extension Preset {
    /// The same without what it is called and described by.
    fileprivate var anonymous: Preset {
        var preset = self
        (preset.name, preset.description, preset.tags) = ("", nil, nil)
        return preset
    }
}

extension PresetCollision {
    fileprivate init(_ wish: PresetCollisionWish) {
        self =
            switch wish {
            case .prompt: .prompt
            case .overwrite: .overwrite
            case .newCopy: .newCopy
            case .merge: .merge
            }
    }
}

extension PresetRefusal {
    fileprivate init(_ error: PresetStoreError) {
        let kind: Kind =
            switch error {
            case .missing: .missing
            case .exists: .conflict
            case .badID: .malformed
            case .shipped: .readOnly
            case .invalid: .invalid
            case .full, .unwritable: .storage
            }
        self.init(kind, error.description)
    }
}
