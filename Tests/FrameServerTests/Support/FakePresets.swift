import Foundation
import FrameServer
import PhiModel
import Synchronization

/// Two presets that came with the program, one whose file is broken, and what is kept in memory.
final class FakePresets: PresetPort {
    private struct State {
        var own: [String: Preset] = [:]
        var loaded: String?
        var shown: Preset?
    }

    private let state = Mutex(State())
    private static let broken = "The preset broken.json cannot be used: phi.depth: 9.0 is not in 0 … 1.6."
    private static let shipped: [String: Preset] = Dictionary(
        uniqueKeysWithValues: ["calm", "loud"].compactMap { id in
            let json = #"{"name": "\#(id)", "scene": "topology", "tags": ["\#(id)er"], "phi": {"depth": 1.2}}"#
            return (try? Preset(json: Data(json.utf8), source: id)).map { (id, $0) }
        })

    /// The preset that runs.
    var shown: Preset? { state.withLock { $0.shown } }
    var loaded: String? { state.withLock { $0.loaded } }

    func presets() async -> [ListedPreset] {
        let own = state.withLock { $0.own }
        let right = Self.shipped.merging(own) { $1 }.map {
            ListedPreset(id: $0.key, isShipped: own[$0.key] == nil, preset: $0.value)
        }
        let wrong = ListedPreset(id: "broken", isShipped: false, preset: nil, problems: [Self.broken])
        return (right + [wrong]).sorted { $0.id < $1.id }
    }

    func preset(_ id: String) async throws -> NamedPreset {
        if id == "broken" { throw PresetRefusal(.invalid, Self.broken) }
        let own = state.withLock { $0.own }
        guard let preset = own[id] ?? Self.shipped[id] else {
            throw PresetRefusal(.missing, "There is no preset of that name; there are calm, loud.")
        }
        return NamedPreset(id: id, isShipped: own[id] == nil, preset: preset)
    }

    func check(_ document: JSONValue) throws -> Preset {
        do { return try Preset(json: try document.json(), source: "in the body") } catch let error as PresetError {
            throw PresetRefusal(.invalid, error.description)
        }
    }

    func add(_ document: JSONValue, collision: PresetCollisionWish) async throws -> AddedPreset {
        let preset = try check(document)
        return try state.withLock { state in
            let isThere = state.own[preset.name] != nil || Self.shipped[preset.name] != nil
            if isThere, collision == .prompt { throw PresetRefusal(.conflict, "There is one already.") }
            state.own[preset.name] = preset
            return AddedPreset(id: preset.name, preset: preset, action: isThere ? "overwritten" : "created")
        }
    }

    func put(_ preset: Preset, as id: String) async throws {
        guard !id.contains("/") else { throw PresetRefusal(.malformed, "The id of a preset has letters.") }
        state.withLock { $0.own[id] = preset }
    }

    func delete(_ id: String) async throws {
        try state.withLock { state in
            if state.own.removeValue(forKey: id) != nil { return }
            if Self.shipped[id] != nil { throw PresetRefusal(.readOnly, "It came with the program.") }
            throw PresetRefusal(.missing, "There is no preset of that name.")
        }
    }

    func importBundle(
        _ document: JSONValue, collision: PresetCollisionWish, isTrial: Bool
    ) async throws -> [ImportedPreset] {
        guard let list = document["presets"]?.array else { throw PresetRefusal(.malformed, "It is no bundle.") }
        return list.map { item in
            do {
                let preset = try check(item)
                if !isTrial { state.withLock { $0.own[preset.name] = preset } }
                return ImportedPreset(name: preset.name, id: preset.name, action: "created", reason: nil)
            } catch {
                return ImportedPreset(name: nil, id: nil, action: "invalid", reason: "It is none.")
            }
        }
    }

    func exportBundle(_ ids: [String]?) async throws -> JSONValue {
        var documents: [JSONValue] = []
        for id in ids ?? ["calm", "loud"] { documents.append(try JSONValue(encoding: try await preset(id).preset)) }
        return .object(["presets": .array(documents)])
    }

    func load(_ preset: Preset, id: String?, seconds: Double?) -> PresetChange {
        state.withLock { state in
            state.loaded = id
            state.shown = preset
        }
        return PresetChange(scene: "topology", transition: Transition(style: .spiral, seconds: seconds ?? 0.5))
    }

    func running(name: String) -> Preset {
        var preset = Preset(name: name)
        preset.scene = "spectral"
        return preset
    }
}
