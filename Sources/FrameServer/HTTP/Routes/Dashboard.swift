import Handoff
import Hummingbird
import PhiModel

extension ServerRouter {
    /// `/api/dashboard/…`: state, pause, latency.
    func addDashboard(_ environment: RouteEnvironment) {
        let (ports, broadcast) = (environment.ports, environment.dashboards)
        get("/api/dashboard/state") { _, _ in try .json(DashboardState(data: DashboardData(ports))) }
        for (verb, isPaused) in [("pause", true), ("resume", false)] {
            post("/api/dashboard/\(verb)") { _, _ in
                ports.engine.setPaused(isPaused)
                return try .json(PauseAnswer(masterTime: ports.engine.newestState().time, isPaused: isPaused))
            }
        }
        get("/api/dashboard/latency") { _, _ in
            try .json(LatencyAnswer(broadcast.currentDelays()))
        }
        get("/api/dashboard/sync-health") { _, _ in
            try .json(
                SyncHealth(
                    broadcast.currentDelays(), isPaused: ports.engine.controls.isPaused,
                    masterTime: ports.engine.newestState().time, clients: broadcast.clientCount))
        }
    }
}

extension DashboardBroadcast {
    /// What dashboards were told over the last seconds, and what they would be told now.
    fileprivate func currentDelays() -> StateDelays.Figures {
        measure(MonotonicClock.unixSeconds)
        return delays.figures(at: MonotonicClock.microseconds)
    }
}

/// The fields of `DashboardData`, and that all is well.
private struct DashboardState: Encodable {
    let data: DashboardData

    private enum Key: String, CodingKey { case ok }

    func encode(to encoder: any Encoder) throws {
        try data.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(true, forKey: .ok)
    }
}

private struct PauseAnswer: Encodable {
    let ok = true
    /// The master clock, s.
    let masterTime: Double
    let isPaused: Bool
}

private struct LatencyAnswer: Encodable {
    let ok = true
    let avgLatencyMs: Double
    let maxLatencyMs: Double
    let minLatencyMs: Double
    let meetsSc001: Bool
    let meetsFr003: Bool

    init(_ figures: StateDelays.Figures) {
        avgLatencyMs = figures.mean
        maxLatencyMs = figures.most
        minLatencyMs = figures.least
        meetsSc001 = figures.most <= 100
        meetsFr003 = figures.mean <= 50
    }

    private enum CodingKeys: String, CodingKey {
        case ok
        case avgLatencyMs = "avg_latency_ms"
        case maxLatencyMs = "max_latency_ms"
        case minLatencyMs = "min_latency_ms"
        case meetsSc001 = "meets_sc001"
        case meetsFr003 = "meets_fr003"
    }
}

private struct SyncHealth: Encodable {
    let ok = true
    let isPaused: Bool
    /// s.
    let masterTime: Double
    let recentDesyncs: Int
    let maxStateDiffMs: Double
    let avgStateDiffMs: Double
    let meetsSc004: Bool
    let activeClients: Int

    init(_ figures: StateDelays.Figures, isPaused: Bool, masterTime: Double, clients: Int) {
        self.isPaused = isPaused
        self.masterTime = masterTime
        recentDesyncs = figures.late
        maxStateDiffMs = figures.most
        avgStateDiffMs = figures.mean
        meetsSc004 = figures.most <= StateDelays.limit
        activeClients = clients
    }

    private enum CodingKeys: String, CodingKey {
        case ok
        case isPaused = "is_paused"
        case masterTime = "master_time"
        case recentDesyncs = "recent_desyncs"
        case maxStateDiffMs = "max_state_diff_ms"
        case avgStateDiffMs = "avg_state_diff_ms"
        case meetsSc004 = "meets_sc004"
        case activeClients = "active_clients"
    }
}
