import FrameCodec
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import PhiModel
import Telemetry

extension ServerRouter {
    /// `/metrics`.
    func addMetrics(_ environment: RouteEnvironment) {
        let gauges = ScrapedGauges(environment.registry)
        get("/metrics") { _, _ in
            gauges.read(environment)
            let body = ByteBuffer(string: environment.registry.render())
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/plain; version=0.0.4; charset=utf-8",
                    .contentLength: String(body.readableBytes), .cacheControl: "no-store",
                ], body: ResponseBody(byteBuffer: body))
        }
    }
}

/// The gauges that are read when somebody scrapes.
private struct ScrapedGauges: Sendable {
    private let cpu, memoryPercent, memoryBytes, audio: GaugeSeries
    private let metricsClients, webSocketClients, latencyMean, latencyMax: GaugeSeries
    private let depth, phase, rate, quality, recording: GaugeSeries
    private let process: ProcessGauges
    private let streamRate, connections, connectionLimit, memorySlope: GaugeSeries

    init(_ registry: PrometheusRegistry) {
        func gauge(_ name: String, _ help: String) -> GaugeSeries {
            registry.describe(name, help)
            return registry.gauge(name)
        }
        cpu = gauge("soundlab_cpu_percent", "CPU time of the process in percent of one core.")
        memoryPercent = gauge("soundlab_memory_percent", "Resident memory in percent of the machine's.")
        memoryBytes = gauge("soundlab_memory_bytes", "Resident memory.")
        audio = gauge("soundlab_audio_running", "Whether sound is being analysed.")
        metricsClients = gauge("soundlab_metrics_clients", "Clients of the metrics stream.")
        webSocketClients = gauge("soundlab_websocket_clients", "Clients of all WebSockets.")
        latencyMean = gauge("soundlab_websocket_latency_avg_ms", "Mean round trip to viewers over five seconds.")
        latencyMax = gauge("soundlab_websocket_latency_max_ms", "Longest round trip to viewers over five seconds.")
        depth = gauge("soundlab_phi_depth", "Depth of the modulation.")
        phase = gauge("soundlab_phi_phase", "Phase of the modulation, radians.")
        rate = gauge("soundlab_frames_per_second", "Frames rendered over the last second.")
        quality = gauge("soundlab_quality_level", "How much is drawn, 0 (minimal) to 5 (everything).")
        recording = gauge("soundlab_recording", "Whether a session is being recorded.")
        streamRate = gauge(
            "soundlab_metrics_stream_hz", "Messages a second that a client of the metrics stream gets; NaN without one."
        )
        connections = gauge("soundlab_connections", "Viewers that have a place.")
        connectionLimit = gauge("soundlab_connections_limit", "Places for viewers.")
        memorySlope = gauge(
            "soundlab_memory_slope_bytes_per_hour",
            "Growth of resident memory over the last half hour; NaN in the first three minutes.")
        process = ProcessGauges(registry)
        registry.describe("soundlab_tls_certificate_expiry_seconds", "When the certificate expires, Unix seconds.")
        registry.describe("soundlab_build_info", "1; its labels say what runs.")
        registry.describe("soundlab_output_up", "Whether frames go out to a live output.")
    }

    func read(_ environment: RouteEnvironment) {
        let usage = environment.usage.reading()
        let figures = environment.statistics.snapshot()
        let state = environment.ports.engine.newestState()
        cpu.set(usage.cpuPercent)
        memoryPercent.set(usage.memoryPercent)
        memoryBytes.set(Double(usage.residentBytes))
        audio.set(environment.ports.engine.description.audioRunning ? 1.0 : 0.0)
        metricsClients.set(Double(environment.metrics.viewerCount))
        webSocketClients.set(Double(environment.admissions.webSocketCount))
        latencyMean.set(figures.roundTrip.mean)
        latencyMax.set(figures.roundTrip.max)
        depth.set(state.phi.depth)
        phase.set(state.phi.phase)
        rate.set(figures.renderedPerSecond)
        quality.set(Double(environment.ports.renderer.quality.level))
        recording.set(environment.ports.recorder.report.isRecording ? 1.0 : 0.0)
        streamRate.set(environment.metrics.messagesPerSecond ?? .nan)
        connections.set(Double(environment.admissions.count))
        connectionLimit.set(Double(environment.admissions.limits.connections))
        memorySlope.set(environment.memory.bytesPerHour ?? .nan)
        process.read()
        let build = environment.configuration.build
        environment.registry.gauge(
            "soundlab_build_info",
            [("version", build.version), ("commit", build.commit), ("env", environment.configuration.environment)]
        ).set(1.0)
        if let tls = environment.configuration.tls {
            environment.registry.gauge("soundlab_tls_certificate_expiry_seconds").set(Double(tls.expires))
        }
        for output in environment.ports.outputs.outputs {
            environment.registry.gauge("soundlab_output_up", [("target", output.target)])
                .set(output.state == .up ? 1.0 : 0.0)
        }
    }
}
