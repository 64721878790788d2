import Foundation
import HTTPTypes
import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/presets` and `/api/presets/{id}`: what is kept.
    func addPresets(_ environment: RouteEnvironment) {
        let presets = environment.ports.presets
        // What is done with presets has paths among them, and a preset may be called "export".
        let actions = ["export", "import", "compare"].map { "/api/presets/\($0)" }
        get("/api/presets") { request, _ in
            let filter = try PresetFilter(request)
            return try .json(filter.applied(to: await presets.presets()).map(PresetSummary.init))
        }
        get("/api/presets/:id", also: actions) { request, context in
            try .json(PresetDetail(try await refusing { try await presets.preset(try context.presetID(of: request)) }))
        }
        post("/api/presets") { request, _ in
            let collision = try request.collision()
            let document = try await request.document()
            let added = try await refusing { try await presets.add(document, collision: collision) }
            let isNew = added.action == "created" || added.action == "copied"
            return try .json(PresetAdded(added), status: isNew ? .created : .ok)
        }
        put("/api/presets/:id", also: actions) { request, context in
            let id = try context.presetID(of: request)
            let document = try await request.document()
            return try await refusing {
                let preset = try presets.check(document)
                try await presets.put(preset, as: id)
                return try .json(PresetDetail(NamedPreset(id: id, isShipped: false, preset: preset)))
            }
        }
        delete("/api/presets/:id", also: actions) { request, context in
            let id = try context.presetID(of: request)
            try await refusing { try await presets.delete(id) }
            return try .json(PresetDeleted(id: id))
        }
    }
}

/// Runs what deals with presets, and turns a refusal into an answer.
func refusing<R>(_ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let refusal as PresetRefusal {
        let status: HTTPResponse.Status =
            switch refusal.kind {
            case .missing: .notFound
            case .conflict: .conflict
            case .malformed: .badRequest
            case .invalid: .unprocessableContent
            case .readOnly: .forbidden
            case .storage: .insufficientStorage
            }
        throw HTTPFailure(status, refusal.sentence)
    }
}

extension ServerContext {
    /// The id in the path.
    func presetID(of request: Request) throws -> String {
        let part = parameters.get("id") ?? request.uri.path.split(separator: "/").last.map { String($0) }
        guard let id = part?.removingPercentEncoding else {
            throw HTTPFailure(.badRequest, "The id in the path is not percent-encoded UTF-8.")
        }
        return id
    }
}

extension Request {
    /// What is done where a preset of the same name is there.
    func collision() throws -> PresetCollisionWish {
        guard let text = uri.queryParameters["collision"] else { return .prompt }
        guard let wish = PresetCollisionWish(rawValue: String(text)) else {
            let names = PresetCollisionWish.allCases.map(\.rawValue).joined(separator: ", ")
            throw HTTPFailure(.badRequest, "collision must be one of \(names).")
        }
        return wish
    }

    /// The body as a JSON object or list.
    func document() async throws -> JSONValue {
        let buffer = try await body.collect(upTo: Self.longestBody)
        switch try? JSONValue(json: Data(buffer.readableBytesView)) {
        case .some(let document) where document.isComposite: return document
        default: throw HTTPFailure(.badRequest, #"The body must be JSON such as {"name": "mine", "scene": "field"}."#)
        }
    }
}

extension JSONValue {
    /// Whether it is an object or an array.
    fileprivate var isComposite: Bool {
        switch self {
        case .object, .array: true
        default: false
        }
    }
}

/// What of the list is asked for.
private struct PresetFilter {
    private let words: String?
    private let tag: String?
    private let limit: Int

    init(_ request: Request) throws {
        let query = request.uri.queryParameters
        limit =
            try query["limit"].map { text in
                guard let limit = Int(text), limit >= 0 else {
                    throw HTTPFailure(.badRequest, "limit must be a number from 0 on.")
                }
                return limit
            } ?? .max
        words = query["query"].map { String($0).lowercased() }
        tag = query["tag"].map { String($0) }
    }

    func applied(to presets: [ListedPreset]) -> some Sequence<ListedPreset> {
        presets.lazy.filter { listed in
            let text = "\(listed.id) \(listed.preset?.name ?? "") \(listed.preset?.description ?? "")".lowercased()
            return words.map { text.contains($0) } ?? true
                && tag.map { listed.preset?.tags?.contains($0) ?? false } ?? true
        }.prefix(limit)
    }
}

private struct PresetSummary: Encodable {
    let id: String
    let name: String
    let description: String
    let scene: Nullable<String>
    let tags: [String]
    /// Whether it came with the program and cannot be deleted.
    let readOnly: Bool
    /// Why it cannot be loaded; empty where it can.
    let problems: [String]

    init(_ listed: ListedPreset) {
        id = listed.id
        name = listed.preset?.name ?? listed.id
        description = listed.preset?.description ?? ""
        scene = Nullable(listed.preset?.scene)
        tags = listed.preset?.tags ?? []
        readOnly = listed.isShipped
        problems = listed.problems
    }
}

/// The preset as its file has it, and its id.
private struct PresetDetail: Encodable {
    private let named: NamedPreset

    private enum Key: String, CodingKey { case id, readOnly }

    init(_ named: NamedPreset) { self.named = named }

    func encode(to encoder: any Encoder) throws {
        try named.preset.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(named.id, forKey: .id)
        try container.encode(named.isShipped, forKey: .readOnly)
    }
}

/// A preset that was kept, and what was done for it.
struct PresetAdded: Encodable {
    private let added: AddedPreset

    private enum Key: String, CodingKey { case ok, id, action }

    init(_ added: AddedPreset) { self.added = added }

    func encode(to encoder: any Encoder) throws {
        try added.preset.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(true, forKey: .ok)
        try container.encode(added.id, forKey: .id)
        try container.encode(added.action, forKey: .action)
    }
}

private struct PresetDeleted: Encodable {
    let ok = true
    let id: String
}
