import Handoff
import Logging
import Telemetry

/// What the routes read and move.
struct RouteEnvironment: Sendable {
    let configuration: ServerConfiguration
    let timings: ServerTimings
    let ports: ServerPorts
    let hub: FrameHub
    let metrics: MetricsBroadcast
    let dashboards: DashboardBroadcast
    let admissions: AdmissionControl
    let rate: RequestRate
    let registry: PrometheusRegistry
    let usage: ProcessUsage
    let memory: MemoryTrend
    /// µs of the monotonic clock.
    let startedAt: UInt64

    var statistics: FrameStatistics { hub.statistics }
    var uptime: Double { Double(MonotonicClock.microseconds - startedAt) * 1e-6 }

    /// Frames are shown as live where the newest is younger than this, in seconds: three frames' time, so that a slow
    /// renderer is not taken for a dead one between two frames.
    var frameLifetime: Double { max(1, 3 / Double(max(1, ports.renderer.description.targetFPS))) }
}

extension ServerRouter {
    /// All routes. A new concern is one file in `Routes` and one line here.
    static func standard(
        _ environment: RouteEnvironment, origins: OriginPolicy, tokens: AccessTokens
    ) -> ServerRouter {
        let configuration = environment.configuration
        let router = ServerRouter(
            rate: environment.rate, origins: origins, tokens: tokens, headers: configuration.securityHeaders,
            audit: configuration.audit)
        router.addPage()
        router.addDescription(environment)
        router.addHealth(environment)
        router.addVersion(environment)
        router.addStatus(environment)
        router.addMetrics(environment)
        router.addProfile(environment)
        router.addScenes(environment)
        router.addPresets(environment)
        router.addPresetExchange(environment)
        router.addPresetControl(environment)
        router.addEngine(environment)
        router.addDashboard(environment)
        router.addChromatic(environment)
        router.addQuality(environment)
        router.addHUD(environment)
        router.addState(environment)
        router.addRecorder(environment)
        router.addSnapshots(environment)
        router.addMultipartStream(environment)
        router.addWebSocketPaths()
        return router
    }
}
