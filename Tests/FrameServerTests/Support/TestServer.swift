import Foundation
import FrameCodec
import Handoff
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Telemetry

@testable import FrameServer

/// A server on a free port of 127.0.0.1 with everything around it faked.
struct TestServer: Sendable {
    let server: FrameServer
    let hub: FrameHub
    let demand: Demand
    let statistics: FrameStatistics
    let renderer: FakeRenderer
    let engine: FakeEngine
    let recorder: FakeRecorder
    let presets: FakePresets
    let port: Int
    /// Begins the graceful end before `body` returns.
    let shutDown: @Sendable () async -> Void

    static let build = ServerConfiguration.BuildInfo(
        version: "1.2.3", commit: "abc", date: "2026-01-01T00:00:00Z", features: ["jpeg"])

    /// Starts a server, runs `body`, and ends the server in order.
    /// - Parameter offersStills: Whether there is a stream of JPEG before `streams`.
    static func run<R: Sendable>(
        limits: ServerConfiguration.Limits = .init(), timings: ServerTimings = .init(),
        host: String = "127.0.0.1", allowedOrigins: [String] = [], authToken: String? = nil, viewToken: String? = nil,
        snapshots: FakeSnapshots = FakeSnapshots(), targetFPS: Int = 60, streams: [EncodedStream] = [],
        offersStills: Bool = true, tls: TLSIdentity? = nil, audit: AuditLog? = nil, profile: [ProfileEntry] = [],
        logger: Logger = .silent,
        _ body: @Sendable (TestServer) async throws -> R
    ) async throws -> R {
        let registry = PrometheusRegistry()
        let statistics = FrameStatistics(registry: registry)
        let demand = Demand()
        let still = EncodedStream(
            id: 0, codec: "jpeg", type: .jpeg, width: 64, height: 36, framesPerSecond: Double(targetFPS),
            demand: demand)
        let hub = FrameHub(streams: (offersStills ? [still] : []) + streams, statistics: statistics)
        let renderer = FakeRenderer(targetFPS: targetFPS)
        let engine = FakeEngine()
        let recorder = FakeRecorder()
        let presets = FakePresets()
        let server = FrameServer(
            configuration: ServerConfiguration(
                host: host, port: 0, limits: limits, allowedOrigins: allowedOrigins, authToken: authToken,
                viewToken: viewToken, build: build, tls: tls, audit: audit, profile: { profile }),
            ports: ServerPorts(
                renderer: renderer, engine: engine, snapshots: snapshots, presets: presets,
                recorder: recorder, outputs: FakeOutputs()),
            hub: hub,
            registry: registry, usage: ProcessUsage(), timings: timings, logger: logger)
        let port = try await server.bind()
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        let test = TestServer(
            server: server, hub: hub, demand: demand, statistics: statistics, renderer: renderer, engine: engine,
            recorder: recorder, presets: presets, port: port, shutDown: { await group.triggerGracefulShutdown() })
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<R, any Error>
            do { result = .success(try await body(test)) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }

    /// Publishes frames at `rate` while `body` runs, as renderer and encoder do.
    func publishing<R: Sendable>(
        rate: Double = 60, bytes: Int = 2_000, _ body: @Sendable () async throws -> R
    ) async throws -> R {
        let isDone = StopFlag()
        // A thread of its own, as an encoder has: the tests' tasks share few threads, and would hold it up.
        let thread = Thread { [statistics, hub] in
            var sequence: UInt32 = 0
            var due = MonotonicClock.nanoseconds
            while !isDone.isSet {
                sequence += 1
                let frame = makeFrame(sequence, bytes: bytes)
                statistics.recordRendered(frame.info)
                hub.publish(frame)
                due += UInt64(1e9 / rate)
                MonotonicClock.sleep(untilNanoseconds: due)
            }
        }
        thread.start()
        defer { isDone.set() }
        return try await body()
    }
}

extension Logger {
    /// What goes wrong on purpose is not to be read.
    static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

private final class StopFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}

/// Waits until a condition holds, or a limit has passed. Returns whether it held.
func eventually(
    within limit: Duration = .seconds(5), _ condition: @Sendable () async throws -> Bool
) async rethrows -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while clock.now < deadline {
        if try await condition() { return true }
        try? await clock.sleep(for: .milliseconds(5))
    }
    return try await condition()
}
