import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/engine`, `/api/phi` and `/api/channels/{n}`: where the state comes from, and what shapes it.
    func addEngine(_ environment: RouteEnvironment) {
        let engine = environment.ports.engine
        get("/api/engine") { _, _ in try .json(EngineAnswer(engine)) }
        post("/api/engine") { request, _ in
            let wanted = try await request.json(EngineRequest.self, example: #"{"engine": "synthetic"}"#)
            try await Self.obeying { try await engine.choose(wanted.engine) }
            return try .json(EngineAnswer(engine))
        }
        get("/api/phi") { _, _ in try .json(PhiAnswer(engine)) }
        post("/api/phi") { request, _ in
            let wanted = try await request.json(PhiRequest.self, example: #"{"source": "manual", "depth": 0.9}"#)
            try await Self.obeying {
                try engine.setPhi(
                    PhiChange(
                        source: wanted.source, depth: wanted.depth, phase: wanted.phase, frequency: wanted.frequency))
            }
            return try .json(PhiAnswer(engine))
        }
        post("/api/channels/:n") { request, context in
            guard let n = context.parameters.get("n").flatMap({ Int($0) }) else {
                throw HTTPFailure(.badRequest, "A channel is a number from 0 to 7.")
            }
            let wanted = try await request.json(
                ChannelRequest.self, example: #"{"amplitude": 0.5, "enabled": true}"#)
            try await Self.obeying {
                try engine.setChannel(n, amplitude: wanted.amplitude, isEnabled: wanted.enabled)
            }
            let channel = engine.controls.channels[n]
            return try .json(ChannelAnswer(channel: n, amplitude: channel.amplitude, enabled: channel.isEnabled))
        }
    }

    private static func obeying(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let refusal as EngineRefusal { throw HTTPFailure(.badRequest, refusal.sentence) }
    }
}

private struct EngineRequest: Decodable {
    let engine: String
}

private struct EngineAnswer: Encodable {
    let ok = true
    let engine: String
    /// "running", "waiting" or "failed".
    let condition: String
    let detail: Nullable<String>
    let counts: [String: UInt64]
    let audioRunning: Bool
    let sampleRate: Int
    let bufferSize: Int
    /// The rhythm, where the engine hears sound.
    let audio: Nullable<MetricsMessage.Sound>
    let isFresh: Bool
    let isPaused: Bool

    init(_ port: any EnginePort) {
        let description = port.description
        engine = description.name
        condition = description.condition
        detail = Nullable(description.detail)
        counts = description.counts
        audioRunning = description.audioRunning
        sampleRate = description.sampleRate
        bufferSize = description.bufferSize
        audio = Nullable(description.audioRunning ? MetricsMessage.Sound(port.newestState().sound) : nil)
        isFresh = port.isFresh
        isPaused = port.controls.isPaused
    }
}

private struct PhiRequest: Decodable {
    let source: String?
    let depth: Double?
    let phase: Double?
    let frequency: Double?
}

private struct PhiAnswer: Encodable {
    let ok = true
    /// Where it is wanted from.
    let source: String
    /// Where it comes from.
    let mode: String
    let depth: Double
    let phase: Double
    let frequency: Double

    init(_ engine: any EnginePort) {
        let phi = engine.newestState().phi, controls = engine.controls
        source = controls.phiSource
        mode = phi.mode.name
        depth = controls.heldDepth ?? phi.depth
        phase = controls.heldPhase ?? phi.phase
        frequency = phi.frequency
    }
}

private struct ChannelRequest: Decodable {
    let amplitude: Double?
    let enabled: Bool?
}

private struct ChannelAnswer: Encodable {
    let ok = true
    let channel: Int
    let amplitude: Double
    let enabled: Bool
}
