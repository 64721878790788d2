import Foundation
import PhiModel

/// The smoke tests of operations: is the server there, and does it do its work?
public struct SmokeRun: Sendable {
    let server: ProbedServer
    let limits: ServerLimits
    /// How long `/ws/metrics` and `/ws/frames` are watched, s.
    let metricsSeconds: Double
    let framesSeconds: Double

    /// s.
    private static let readinessPatience = 10.0
    private static let exporterNames = [
        "soundlab_cpu_percent", "soundlab_memory_percent", "soundlab_memory_bytes", "soundlab_audio_running",
        "soundlab_metrics_clients", "soundlab_websocket_clients", "soundlab_websocket_latency_avg_ms",
        "soundlab_websocket_latency_max_ms", "soundlab_phi_depth", "soundlab_phi_phase", "soundlab_frames_per_second",
        "soundlab_frames_rendered_total",
    ]

    public init(
        _ server: ProbedServer, limits: ServerLimits = ServerLimits(), metricsSeconds: Double = 10,
        framesSeconds: Double = 5
    ) {
        self.server = server
        self.limits = limits
        self.metricsSeconds = metricsSeconds
        self.framesSeconds = framesSeconds
    }

    /// The checks in their order; `done` is called after each.
    ///
    /// - Throws: `ProbeError.unreachable` where nobody answers at all.
    public func run(done: (CheckResult) -> Void = { _ in }) async throws -> [CheckResult] {
        _ = try await server.send("GET", "/healthz")
        var results: [CheckResult] = []
        func note(_ result: CheckResult) {
            results.append(result)
            done(result)
        }
        note(await health())
        note(await readiness())
        note(await version())
        note(await exporter())
        var offset = 0.0
        note(await webSocket { offset = $0 })
        note(await metrics(offset))
        note(await frames())
        return results
    }

    private func health() async -> CheckResult {
        await .of("health") {
            let answer = try await server.demand("GET", "/healthz")
            let value = try answer.json("/healthz")
            guard value["status"]?.string == "healthy", value["service"]?.string == "soundlab-phi-matrix" else {
                throw CheckFailure("/healthz does not say that soundlab-phi-matrix is healthy")
            }
            return (
                "healthy, answered in \(Self.short(answer.milliseconds)) ms", ["answer_ms": answer.milliseconds]
            )
        }
    }

    /// A server that has just started may take a moment to be ready.
    private func readiness() async -> CheckResult {
        await .of("readiness") {
            let end = ContinuousClock.now + .seconds(Self.readinessPatience)
            while true {
                let answer = try await server.send("GET", "/readyz")
                guard case .object(let checks)? = try answer.json("/readyz")["checks"] else {
                    throw CheckFailure("/readyz does not tell its checks")
                }
                let failing = checks.filter { $0.value != .bool(true) }.keys.sorted()
                if answer.status == 200, failing.isEmpty, !checks.isEmpty {
                    return ("ready: \(checks.keys.sorted().joined(separator: ", "))", [:])
                }
                guard ContinuousClock.now < end else {
                    throw CheckFailure(
                        failing.isEmpty
                            ? "status \(answer.status) of /readyz" : "not ready: \(failing.joined(separator: ", "))")
                }
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private func version() async -> CheckResult {
        await .of("version") {
            let value = try await server.demand("GET", "/version").json("/version")
            guard let version = value["version"]?.string, let commit = value["commit"]?.string, !version.isEmpty else {
                throw CheckFailure("/version does not name version and commit")
            }
            let device = value["renderer"]?["device"]?.string ?? "an unknown device"
            return ("\(version), commit \(commit.prefix(12)), on \(device)", [:])
        }
    }

    private func exporter() async -> CheckResult {
        await .of("exporter") {
            let answer = try await server.demand("GET", "/metrics")
            let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
            let names = Set(lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != " " && $0 != "{" } })
            let missing = Self.exporterNames.filter { !names.contains(Substring($0)) }
            guard missing.isEmpty else {
                throw CheckFailure("/metrics lacks \(missing.joined(separator: ", "))")
            }
            return ("\(names.count) metrics", ["metrics": Double(names.count)])
        }
    }

    private func webSocket(_ offset: (Double) -> Void) async -> CheckResult {
        await .of("websocket") {
            let found = try await RoundTripProbe(server).run(seconds: 2)
            offset(found.clockOffset)
            guard found.hasAnswered else { throw CheckFailure("/ws/dashboard does not answer get_state") }
            guard let most = found.roundTrips.most, let median = found.roundTrips.quantile(0.5) else {
                throw CheckFailure("/ws/dashboard does not answer pings")
            }
            let figures = ["round_trip_p50_ms": median, "round_trip_max_ms": most]
            guard most <= limits.latency else {
                throw CheckFailure(
                    "a ping took \(Self.short(most)) ms, over \(Self.short(limits.latency))", figures: figures)
            }
            return ("pings take \(Self.short(median)) ms, at most \(Self.short(most))", figures)
        }
    }

    private func metrics(_ offset: Double) async -> CheckResult {
        await .of("metrics") {
            let found = try await MetricsStreamProbe(server).run(seconds: metricsSeconds, clockOffset: offset)
            let worst = found.ages.quantile(0.99) ?? .infinity
            let figures = [
                "rate_hz": found.rate, "slowest_second_hz": found.slowestSecond, "age_p99_ms": worst,
            ]
            guard found.rate >= limits.metricsRate else {
                throw CheckFailure(
                    "\(Self.short(found.rate)) Hz, under \(Self.short(limits.metricsRate))", figures: figures)
            }
            guard worst <= limits.latency else {
                throw CheckFailure(
                    "states are \(Self.short(worst)) ms old (p99), over \(Self.short(limits.latency))", figures: figures
                )
            }
            return ("\(Self.short(found.rate)) Hz, states \(Self.short(worst)) ms old (p99)", figures)
        }
    }

    private func frames() async -> CheckResult {
        await .of("frames") {
            let found = try await FrameStreamProbe(server).run(seconds: framesSeconds)
            let figures = [
                "delivered_fps": found.rate, "rendered_fps": found.rendered,
                "changed_share": Double(found.changes) / Double(max(found.frames, 1)),
            ]
            let least = FrameStreamProbe.askedRate * limits.deliveredShare
            guard found.rate >= least else {
                throw CheckFailure(
                    "\(Self.short(found.rate)) frames a second came of \(Self.short(FrameStreamProbe.askedRate)) asked for",
                    figures: figures)
            }
            guard found.rendered >= limits.framesPerSecond * 0.99 else {
                throw CheckFailure(
                    "\(Self.short(found.rendered)) frames a second are drawn, under \(Self.short(limits.framesPerSecond))",
                    figures: figures)
            }
            guard found.changes > found.frames / 2 else {
                throw CheckFailure("the picture stands still", figures: figures)
            }
            guard found.stats > 0 else { throw CheckFailure("no stats came", figures: figures) }
            return (
                "\(Self.short(found.rate)) frames a second came, \(Self.short(found.rendered)) are drawn", figures
            )
        }
    }

    static func short(_ value: Double) -> String {
        value.isFinite ? String(format: value < 10 ? "%.1f" : "%.0f", value) : "no"
    }
}
