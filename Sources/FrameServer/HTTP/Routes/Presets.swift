import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/presets`, `/api/presets/{id}` and `/api/preset/load`.
    func addPresets(_ environment: RouteEnvironment) {
        let presets = environment.ports.presets
        get("/api/presets") { request, _ in
            let query = request.uri.queryParameters
            let limit = try query["limit"].map { text in
                guard let limit = Int(text), limit >= 0 else {
                    throw HTTPFailure(.badRequest, "limit must be a number from 0 on.")
                }
                return limit
            }
            let words = query["query"].map { String($0).lowercased() }, tag = query["tag"].map(String.init)
            let found = await presets.presets().filter { named in
                let text = "\(named.id) \(named.preset.name) \(named.preset.description ?? "")".lowercased()
                return words.map { text.contains($0) } ?? true
                    && tag.map { named.preset.tags?.contains($0) ?? false } ?? true
            }
            return try .json(found.prefix(limit ?? .max).map(PresetSummary.init))
        }
        get("/api/presets/:id") { _, context in
            let id = context.parameters.get("id") ?? ""
            return try .json(PresetDetail(try await Self.find(id, in: presets)))
        }
        post("/api/preset/load") { request, _ in
            let wanted = try await request.json(PresetRequest.self, example: #"{"preset_id": "deep"}"#)
            if let seconds = wanted.transitionS, !Transition.secondsRange.contains(seconds) {
                throw HTTPFailure(.badRequest, "transition_s must be from 0 to 5 seconds.")
            }
            let preset = try await Self.find(wanted.presetId, in: presets)
            let change = presets.load(preset, seconds: wanted.transitionS)
            return try .json(PresetAnswer(preset: preset.id, change))
        }
    }

    private static func find(_ id: String, in presets: any PresetPort) async throws -> NamedPreset {
        do {
            if let preset = try await presets.preset(id) { return preset }
        } catch let error as PresetError {
            throw HTTPFailure(.unprocessableContent, error.description)
        }
        let names = await presets.presets().map(\.id).joined(separator: ", ")
        throw HTTPFailure(.notFound, "There is no preset of that name; there are \(names).")
    }
}

private struct PresetRequest: Decodable {
    let presetId: String
    let transitionS: Double?
}

private struct PresetSummary: Encodable {
    let id: String
    let name: String
    let description: String
    let scene: Nullable<String>
    let tags: [String]

    init(_ named: NamedPreset) {
        id = named.id
        name = named.preset.name
        description = named.preset.description ?? ""
        scene = Nullable(named.preset.scene)
        tags = named.preset.tags ?? []
    }
}

/// The preset as its file has it, and its id.
private struct PresetDetail: Encodable {
    private let named: NamedPreset

    private enum Key: String, CodingKey { case id }

    init(_ named: NamedPreset) { self.named = named }

    func encode(to encoder: any Encoder) throws {
        try named.preset.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(named.id, forKey: .id)
    }
}

private struct PresetAnswer: Encodable {
    let ok = true
    let preset: String
    let scene: String
    let transitionS: Double
    let style: String

    init(preset: String, _ change: PresetChange) {
        self.preset = preset
        scene = change.scene
        transitionS = change.transition.seconds
        style = change.transition.style.name
    }
}
