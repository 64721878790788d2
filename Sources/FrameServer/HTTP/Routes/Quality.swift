import Hummingbird
import Telemetry

extension ServerRouter {
    /// `/api/quality`: how much is drawn, and who decides it.
    func addQuality(_ environment: RouteEnvironment) {
        let renderer = environment.ports.renderer
        get("/api/quality") { _, _ in try .json(QualityAnswer(renderer)) }
        post("/api/quality") { request, _ in
            let wanted = try await request.json(QualityRequest.self, example: #"{"quality": "auto"}"#)
            let levels = renderer.qualityLevels.map(\.level)
            switch wanted.quality {
            case .automatic: renderer.setQuality(.automatic)
            case .level(let level) where levels.contains(level): renderer.setQuality(.level(level))
            case .level, .somethingElse:
                throw HTTPFailure(
                    .badRequest,
                    "quality must be a level from \(levels.min() ?? 0) to \(levels.max() ?? 0), or \"auto\".")
            }
            return try .json(QualityAnswer(renderer))
        }
    }
}

private struct QualityRequest: Decodable {
    enum Wanted: Decodable {
        case level(Int)
        case automatic
        case somethingElse

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let level = try? container.decode(Int.self) {
                self = .level(level)
            } else {
                self = (try? container.decode(String.self)) == "auto" ? .automatic : .somethingElse
            }
        }
    }

    let quality: Wanted
}

private struct QualityAnswer: Encodable {
    let ok = true
    /// The level that is drawn now.
    let quality: Int
    let mode: String
    let reason: String
    let levels: [QualityDescription]

    init(_ renderer: any RendererPort) {
        let report = renderer.quality
        quality = report.level
        mode = report.mode
        reason = report.reason.rawValue
        levels = renderer.qualityLevels
    }
}
