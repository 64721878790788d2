import FrameCodec
import Hummingbird
import PhiModel
import Telemetry

extension ServerRouter {
    /// `/api/chromatic/…`: what is drawn in which colours, how fast, and what the colours follow.
    func addChromatic(_ environment: RouteEnvironment) {
        let renderer = environment.ports.renderer
        get("/api/chromatic/state") { _, _ in try .json(ChromaticState(environment.ports)) }
        get("/api/chromatic/performance") { _, _ in try .json(ChromaticPerformance(environment)) }
        get("/api/chromatic/config") { _, _ in try .json(ChromaticConfig(renderer.colorRule)) }
        for (path, field) in [
            ("phi-rotation", \ColorRule.rotates), ("phi-breathing", \.breathes),
        ] as [(String, WritableKeyPath<ColorRule, Bool> & Sendable)] {
            post("/api/chromatic/config/\(path)") { request, _ in
                let wanted = try await request.json(SwitchRequest.self, example: #"{"enabled": true}"#)
                var rule = renderer.colorRule
                rule[keyPath: field] = wanted.enabled
                renderer.follow(rule)
                return try .json(ChromaticConfig(rule))
            }
        }
        post("/api/chromatic/config/frequency-scale") { request, _ in
            let wanted = try await request.json(ScaleRequest.self, example: #"{"scale": "linear"}"#)
            guard let scale = HueScale(name: wanted.scale) else {
                throw HTTPFailure(.badRequest, "scale must be log or linear.")
            }
            var rule = renderer.colorRule
            rule.scale = scale
            renderer.follow(rule)
            return try .json(ChromaticConfig(rule))
        }
    }
}

private struct SwitchRequest: Decodable {
    let enabled: Bool
}

private struct ScaleRequest: Decodable {
    let scale: String
}

private struct ChromaticConfig: Encodable {
    let ok = true
    let phiRotation: Bool
    let phiBreathing: Bool
    let frequencyScale: String
    let frequencyScales = HueScale.allCases.map(\.name)

    init(_ rule: ColorRule) {
        phiRotation = rule.rotates
        phiBreathing = rule.breathes
        frequencyScale = rule.scale.name
    }
}

/// What is drawn.
private struct ChromaticState: Encodable {
    struct Channel: Encodable {
        let channel: Int
        /// Hz.
        let frequency: Double
        let amplitude: Double
        /// Degrees, [0, 360).
        let hue: Double
        /// [0, 1].
        let lightness: Double
        /// sRGB, "#rrggbb".
        let color: String
        let active: Bool
    }

    let ok = true
    let scene: String
    let timestamp: Double
    let ici: Double
    let coherence: Double
    let criticality: Double
    let state: String
    let phiPhase: Double
    let phiDepth: Double
    /// As it is drawn, [0, 1].
    let phiBreathing: Double
    let channels: [Channel]

    init(_ ports: ServerPorts) {
        let engine = ports.engine.newestState(), rule = ports.renderer.colorRule
        let breathing = rule.breathes ? engine.breathing : 0.5
        let hues = ChannelColor.hues(engine.channels, phiPhase: engine.phi.phase, rule: rule)
        scene = ports.renderer.currentScene
        timestamp = engine.timestamp
        ici = engine.ici
        coherence = engine.coherence
        criticality = engine.criticality
        state = engine.label.name
        phiPhase = engine.phi.phase
        phiDepth = engine.phi.depth
        phiBreathing = breathing
        channels = engine.channels.indices.map { k in
            let channel = engine.channels[k]
            let lightness = ChannelColor.lightness(amplitude: channel.audibleAmplitude, breathing: breathing)
            return Channel(
                channel: k, frequency: channel.frequency, amplitude: channel.amplitude, hue: hues[k],
                lightness: lightness, color: ChannelColor.color(hue: hues[k], lightness: lightness).hex,
                active: channel.audibleAmplitude > 0)
        }
    }
}

/// How fast it is drawn.
private struct ChromaticPerformance: Encodable {
    struct Stage: Encodable {
        let p50: Double
        let p95: Double
        let p99: Double

        init(_ percentiles: Percentiles?) {
            p50 = percentiles?.p50 ?? 0
            p95 = percentiles?.p95 ?? 0
            p99 = percentiles?.p99 ?? 0
        }
    }

    let ok = true
    let fps: Double
    let targetFps: Int
    let totalFrames: UInt64
    let quality: Int
    let qualityMode: String
    /// Milliseconds over the last five seconds.
    let stages: [String: Stage]
    /// Milliseconds from the engine's sample to a viewer's socket.
    let latency: Stage
    /// Since the start, by reason.
    let drops: [String: UInt64]
    let device: String

    init(_ environment: RouteEnvironment) {
        let figures = environment.statistics.snapshot(), renderer = environment.ports.renderer
        fps = figures.renderedPerSecond
        targetFps = renderer.description.targetFPS
        totalFrames = figures.renderedTotal
        quality = renderer.quality.level
        qualityMode = renderer.quality.mode
        stages = Dictionary(
            uniqueKeysWithValues: FrameStage.allCases.map { ($0.rawValue, Stage(figures.stages[$0])) })
        latency = Stage(figures.latency)
        drops = figures.drops
        device = renderer.description.device
    }
}
