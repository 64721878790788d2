import Foundation
import ServerProbe

/// The go/no-go gates of operations, in the order of the runbook.
struct ValidateRun: Sendable {
    let server: ProbedServer
    let limits = ServerLimits()
    /// How long everything takes, s.
    let seconds: Double
    /// The server's log; nil where it cannot be read from here.
    let log: (@Sendable () throws -> String)?
    /// Whether presets and Φ of the server may be changed, and put back.
    let isFlowTried: Bool

    /// Clients of each kind that connect at once.
    private static let clients = 4
    /// What the smoke tests take, s.
    static let smokeSeconds = 18.0
    /// The measurement lasts this long at least, s.
    private static let least = 10.0

    private struct Measurement {
        var trips: Result<RoundTripProbe.Finding, any Error>
        var metrics: Result<MetricsStreamProbe.Finding, any Error>
        var frames: Result<FrameStreamProbe.Finding, any Error>
        var flow: Result<String, any Error>?
    }

    /// - Throws: `ProbeError.unreachable` where nobody answers at all.
    func run(done: @escaping @Sendable (CheckResult) -> Void) async throws -> [CheckResult] {
        let began = ContinuousClock.now
        let smoke = try await SmokeRun(server, limits: limits).run()
        var gates: [CheckResult] = []
        func note(_ result: CheckResult) {
            gates.append(result)
            done(result)
        }
        let health = smoke.filter { $0.name == "health" || $0.name == "readiness" }
        note(
            gate("Health checks", failures: health.filter { $0.outcome == .failed }, fine: "/healthz and /readyz pass"))
        note(gate("Smoke tests", failures: smoke.filter { $0.outcome == .failed }, fine: "\(smoke.count) passed"))
        note(await connections())
        let spent = (ContinuousClock.now - began) / .seconds(1)
        let measured = await measure(max(seconds - spent, Self.least))
        note(rate(measured.metrics))
        note(latency(measured))
        note(frameRate(measured.frames))
        if let flow = measured.flow {
            switch flow {
            case .success(let words): note(CheckResult("User flow", .passed, words))
            case .failure(let error): note(CheckResult("User flow", .failed, "\(error)"))
            }
        } else {
            note(CheckResult("User flow", .skipped, "it changes preset and Φ for a moment; allow it with --flow"))
        }
        note(errorsInLog())
        return gates
    }

    private func gate(_ name: String, failures: [CheckResult], fine: String) -> CheckResult {
        failures.isEmpty
            ? CheckResult(name, .passed, fine)
            : CheckResult(
                name, .failed, failures.map { "\($0.name): \($0.detail)" }.joined(separator: "; "))
    }

    /// Clients of every kind at once get in and get what they came for.
    private func connections() async -> CheckResult {
        let count = Self.clients * 3
        do {
            let served = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<Self.clients {
                    group.addTask { try await MetricsStreamProbe(server).run(seconds: 2).messages > 0 }
                    group.addTask { try await RoundTripProbe(server).run(seconds: 2).hasAnswered }
                    group.addTask { try await FrameStreamProbe(server).run(seconds: 2).frames > 0 }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            return CheckResult(
                "Client connections", served == count ? .passed : .failed,
                "\(served) of \(count) clients served at once",
                figures: ["clients": Double(count), "served": Double(served)])
        } catch {
            return CheckResult("Client connections", .failed, "\(error)", figures: ["clients": Double(count)])
        }
    }

    private func measure(_ seconds: Double) async -> Measurement {
        async let trips = Self.result { try await RoundTripProbe(server).run(seconds: seconds) }
        async let metrics = Self.result { try await MetricsStreamProbe(server).run(seconds: seconds) }
        async let frames = Self.result { try await FrameStreamProbe(server).run(seconds: seconds) }
        var flow: Result<String, any Error>?
        if isFlowTried { flow = await Self.result { try await UserFlow(server: server).run() } }
        return await Measurement(trips: trips, metrics: metrics, frames: frames, flow: flow)
    }

    private static func result<T: Sendable>(_ body: () async throws -> T) async -> Result<T, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private func rate(_ metrics: Result<MetricsStreamProbe.Finding, any Error>) -> CheckResult {
        let name = "Metrics ≥ 25 Hz"
        switch metrics {
        case .failure(let error): return CheckResult(name, .failed, "\(error)")
        case .success(let found):
            return CheckResult(
                name,
                found.rate >= limits.metricsRate && found.slowestSecond >= limits.metricsRate / 2 ? .passed : .failed,
                "\(Self.short(found.rate)) Hz over \(found.messages) messages, \(Self.short(found.slowestSecond)) in the slowest second",
                figures: ["rate_hz": found.rate, "slowest_second_hz": found.slowestSecond])
        }
    }

    private func latency(_ measured: Measurement) -> CheckResult {
        let name = "Latency < 100 ms"
        do {
            let trips = try measured.trips.get(), metrics = try measured.metrics.get()
            let offset = trips.clockOffset * 1_000
            guard let trip = trips.roundTrips.quantile(0.99), let age = metrics.ages.quantile(0.99),
                let longest = trips.roundTrips.most
            else { return CheckResult(name, .failed, "no ping was answered") }
            let corrected = age + offset
            return CheckResult(
                name, max(trip, corrected) < limits.latency ? .passed : .failed,
                "pings \(Self.short(trip)) ms (p99, at most \(Self.short(longest))), states \(Self.short(corrected)) ms old (p99)",
                figures: [
                    "round_trip_p99_ms": trip, "round_trip_max_ms": longest, "age_p99_ms": corrected,
                    "clock_offset_ms": offset,
                ])
        } catch {
            return CheckResult(name, .failed, "\(error)")
        }
    }

    private func frameRate(_ frames: Result<FrameStreamProbe.Finding, any Error>) -> CheckResult {
        let name = "FPS ≥ 30"
        switch frames {
        case .failure(let error): return CheckResult(name, .failed, "\(error)")
        case .success(let found):
            // Numbers of frames over the server's clock: 30 fps of a server that aims at 30 must not fail by a rounding.
            let isFine = found.rendered >= limits.framesPerSecond * 0.99 && found.changes > found.frames / 2
            return CheckResult(
                name, isFine ? .passed : .failed,
                "\(Self.short(found.rendered)) drawn and \(Self.short(found.rate)) delivered of \(Int(FrameStreamProbe.askedRate)) asked for, each second",
                figures: ["rendered_fps": found.rendered, "delivered_fps": found.rate])
        }
    }

    private func errorsInLog() -> CheckResult {
        let name = "No errors in logs"
        guard let log else {
            return CheckResult(name, .skipped, "the log is not here; give it with --log FILE")
        }
        do {
            let reading = LogReading(try log())
            return CheckResult(
                name, reading.errors.isEmpty ? .passed : .failed,
                reading.errors.first.map { "\(reading.errors.count) of \(reading.lines) lines, the first: \($0)" }
                    ?? "none in \(reading.lines) lines",
                figures: ["errors": Double(reading.errors.count), "lines": Double(reading.lines)])
        } catch {
            return CheckResult(name, .failed, "\(error)")
        }
    }

    private static func short(_ value: Double) -> String { String(format: value < 10 ? "%.1f" : "%.0f", value) }
}
