import FrameCodec
import Hummingbird
import Telemetry

extension ServerRouter {
    /// `/api/status`.
    func addStatus(_ environment: RouteEnvironment) {
        get("/api/status") { _, _ in try .json(Status(environment)) }
    }
}

private struct Status: Encodable {
    let audioRunning: Bool
    let sampleRate: Int
    let bufferSize: Int
    let presetLoaded: Nullable<String>
    let metricsClients: Int
    let frameClients: Int
    let fps: Double
    let targetFps: Int
    let quality: Int
    let qualityMode: String
    let qualityReason: String
    let hudEnabled: Bool
    let scene: String
    let engine: String
    let uptime: Double
    let totalFrames: UInt64
    let cpuUsage: Double
    let memoryMb: Double
    let device: String
    let isRecording: Bool
    let outputs: [OutputDocument]

    init(_ environment: RouteEnvironment) {
        let engine = environment.ports.engine.description
        let renderer = environment.ports.renderer.description
        let quality = environment.ports.renderer.quality
        let figures = environment.statistics.snapshot()
        let usage = environment.usage.reading()
        audioRunning = engine.audioRunning
        sampleRate = engine.sampleRate
        bufferSize = engine.bufferSize
        presetLoaded = Nullable(environment.ports.presets.loaded)
        metricsClients = environment.metrics.viewerCount
        frameClients = environment.hub.viewerCount
        fps = figures.renderedPerSecond
        targetFps = renderer.targetFPS
        self.quality = quality.level
        qualityMode = quality.mode
        qualityReason = quality.reason.rawValue
        hudEnabled = environment.ports.renderer.isHUDShown
        scene = environment.ports.renderer.currentScene
        self.engine = engine.name
        uptime = environment.uptime
        totalFrames = figures.renderedTotal
        cpuUsage = usage.cpuPercent
        memoryMb = Double(usage.residentBytes) / 1_048_576
        device = renderer.device
        isRecording = environment.ports.recorder.report.isRecording
        outputs = environment.ports.outputs.outputs.map(OutputDocument.init)
    }
}

/// How a live output fares.
private struct OutputDocument: Encodable {
    let target: String
    let state: String
    let reason: Nullable<String>
    let frames: UInt64
    let since: Double

    init(_ status: OutputStatus) {
        target = status.target
        state = status.state.rawValue
        reason = Nullable(status.reason)
        frames = status.frames
        since = status.since
    }
}
