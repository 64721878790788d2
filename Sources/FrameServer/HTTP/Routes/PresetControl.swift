import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/preset/load`, `save` and `apply`: presets and what runs.
    func addPresetControl(_ environment: RouteEnvironment) {
        let presets = environment.ports.presets
        post("/api/preset/load") { request, _ in
            let wanted = try await request.json(LoadRequest.self, example: #"{"preset_id": "deep"}"#)
            try Self.check(wanted.transitionS)
            let named = try await refusing { try await presets.preset(wanted.presetId) }
            let change = presets.load(named.preset, id: named.id, seconds: wanted.transitionS)
            return try .json(PresetAnswer(preset: named.id, change))
        }
        post("/api/preset/save") { request, _ in
            let collision = try request.collision()
            let wanted = try await request.json(SaveRequest.self, example: #"{"name": "my look", "tags": ["calm"]}"#)
            let added = try await refusing {
                var preset = presets.running(name: wanted.name)
                preset.description = wanted.description
                preset.tags = wanted.tags
                return try await presets.add(try JSONValue(encoding: preset), collision: collision)
            }
            let isNew = added.action == "created" || added.action == "copied"
            return try .json(PresetAdded(added), status: isNew ? .created : .ok)
        }
        post("/api/preset/apply") { request, _ in
            var document = try await request.document()
            // The document, or the document and how it comes in.
            let seconds = document["transition_s"]?.number
            try Self.check(seconds)
            if let inner = document["preset"] { document = inner }
            let preset = try await refusing { try presets.check(document) }
            return try .json(PresetAnswer(preset: nil, presets.load(preset, id: nil, seconds: seconds)))
        }
    }

    private static func check(_ seconds: Double?) throws {
        if let seconds, !Transition.secondsRange.contains(seconds) {
            throw HTTPFailure(.badRequest, "transition_s must be from 0 to 5 seconds.")
        }
    }
}

private struct LoadRequest: Decodable {
    let presetId: String
    let transitionS: Double?
}

private struct SaveRequest: Decodable {
    let name: String
    let description: String?
    let tags: [String]?
}

private struct PresetAnswer: Encodable {
    let ok = true
    /// Null for one that is not kept.
    let preset: Nullable<String>
    let scene: String
    let transitionS: Double
    let style: String

    init(preset: String?, _ change: PresetChange) {
        self.preset = Nullable(preset)
        scene = change.scene
        transitionS = change.transition.seconds
        style = change.transition.style.name
    }
}
