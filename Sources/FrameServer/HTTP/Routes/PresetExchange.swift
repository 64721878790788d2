import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/presets/export`, `import` and `compare`.
    func addPresetExchange(_ environment: RouteEnvironment) {
        let presets = environment.ports.presets
        post("/api/presets/export") { request, _ in
            let body = try await request.body.collect(upTo: Request.longestBody)
            var ids: [String]?
            if body.readableBytes > 0 {
                guard let wanted = try? WireJSON.decode(ExportRequest.self, from: body) else {
                    throw HTTPFailure(.badRequest, #"The body must be JSON such as {"ids": ["deep"]}, or empty."#)
                }
                ids = wanted.ids
            }
            return try .json(try await refusing { try await presets.exportBundle(ids) })
        }
        post("/api/presets/import") { request, _ in
            let (collision, isTrial) = (try request.collision(), try request.isTrial())
            let document = try await request.document()
            let results = try await refusing {
                try await presets.importBundle(document, collision: collision, isTrial: isTrial)
            }
            return try .json(ImportAnswer(results, isTrial: isTrial))
        }
        post("/api/presets/compare") { request, _ in
            let wanted = try await request.json(CompareRequest.self, example: #"{"a": "deep", "b": "peak"}"#)
            return try await refusing {
                let (a, b) = (try await presets.preset(wanted.a), try await presets.preset(wanted.b))
                let differences = try a.preset.differences(from: b.preset)
                return try .json(CompareAnswer(a: a.id, b: b.id, differences))
            }
        }
    }
}

extension Request {
    /// Whether nothing is to be written.
    fileprivate func isTrial() throws -> Bool {
        switch uri.queryParameters["dry_run"].map({ String($0) }) {
        case nil, "0", "false": return false
        case "", "1", "true": return true
        default: throw HTTPFailure(.badRequest, "dry_run must be true or false.")
        }
    }
}

private struct ExportRequest: Decodable {
    let ids: [String]?
}

private struct ImportAnswer: Encodable {
    /// Whether none was left out.
    let ok: Bool
    let dryRun: Bool
    let imported: Int
    let skipped: Int
    let results: [ImportedPreset]

    init(_ results: [ImportedPreset], isTrial: Bool) {
        self.results = results
        dryRun = isTrial
        imported = results.count { $0.id != nil }
        skipped = results.count - imported
        ok = skipped == 0
    }
}

private struct CompareRequest: Decodable {
    let a: String
    let b: String
}

private struct CompareAnswer: Encodable {
    struct Difference: Encodable {
        let field: String
        let a: Nullable<JSONValue>
        let b: Nullable<JSONValue>
    }

    let ok = true
    let a: String
    let b: String
    let equal: Bool
    let differences: [Difference]

    init(a: String, b: String, _ differences: [PresetDifference]) {
        self.a = a
        self.b = b
        equal = differences.isEmpty
        self.differences = differences.map {
            Difference(field: $0.field, a: Nullable($0.a), b: Nullable($0.b))
        }
    }
}
