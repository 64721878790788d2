import Dispatch
import Glibc
import Handoff
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization
public import Telemetry

/// Serves frames, state and controls over HTTP and WebSocket on one port.
///
/// `bind()` takes the port, so that a start can fail before anything is announced; `run()` serves until shutdown.
public final class FrameServer: Service {
    private struct Listening: Sendable {
        let channel: any Channel
        let group: MultiThreadedEventLoopGroup
        let port: Int
    }

    private let configuration: ServerConfiguration
    private let timings: ServerTimings
    private let environment: RouteEnvironment
    private let origins: OriginPolicy
    private let tokens: AccessTokens
    private let logger: Logger
    private let pipeline: ConnectionPipeline
    private let responder: RouterResponder<ServerContext>
    /// What can be asked for over HTTP.
    let routes: RouteIndex
    private let open = OpenChannels()
    private let connections = AsyncStream<HTTPConnection>.makeStream()
    private let listening = Mutex<Listening?>(nil)
    private let memory = MemoryTrend()

    /// - Parameters:
    ///   - hub: Where the encoders publish.
    ///   - registry: What `GET /metrics` shows.
    public convenience init(
        configuration: ServerConfiguration, ports: ServerPorts, hub: FrameHub, registry: PrometheusRegistry,
        usage: ProcessUsage = ProcessUsage(), logger: Logger
    ) {
        self.init(
            configuration: configuration, ports: ports, hub: hub, registry: registry, usage: usage,
            timings: ServerTimings(), logger: logger)
    }

    init(
        configuration: ServerConfiguration, ports: ServerPorts, hub: FrameHub, registry: PrometheusRegistry,
        usage: ProcessUsage, timings: ServerTimings, logger: Logger
    ) {
        self.configuration = configuration
        self.timings = timings
        self.logger = logger
        let origins = OriginPolicy(allowed: configuration.allowedOrigins)
        self.origins = origins
        let tokens = AccessTokens(
            host: configuration.host, auth: configuration.authToken, view: configuration.viewToken)
        self.tokens = tokens
        let admissions = AdmissionControl(limits: configuration.limits)
        let rate = RequestRate(perSecond: configuration.limits.requestsPerSecond, registry: registry)
        let metrics = MetricsBroadcast(engine: ports.engine, statistics: hub.statistics, usage: usage)
        let dashboards = DashboardBroadcast(ports: ports)
        let viewers = ViewerEnvironment(
            renderer: ports.renderer, product: configuration.build.product, tokens: tokens, timings: timings)
        environment = RouteEnvironment(
            configuration: configuration, timings: timings, ports: ports, hub: hub, metrics: metrics,
            dashboards: dashboards, admissions: admissions, rate: rate, registry: registry, usage: usage,
            memory: memory, startedAt: MonotonicClock.microseconds)
        let router = ServerRouter.standard(environment, origins: origins, tokens: tokens)
        routes = router.index
        responder = router.responder()
        pipeline = ConnectionPipeline(
            policy: UpgradePolicy(
                rate: rate, origins: origins, tokens: tokens, admissions: admissions,
                headers: configuration.securityHeaders, audit: configuration.audit), tls: configuration.tls,
            timings: timings,
            statistics: hub.statistics, logger: logger,
            makeSession: { [audit = configuration.audit] endpoint, origin in
                switch endpoint {
                case .frames(let request): FrameViewer(hub: hub, request: request, environment: viewers)
                case .metrics: MetricsViewer(broadcast: metrics)
                case .state: StateSession(engine: ports.engine)
                case .dashboard(let permission):
                    DashboardSession(
                        broadcast: dashboards, permission: permission, audit: SessionAudit(log: audit, origin: origin))
                case .interface(let permission):
                    InterfaceSession(
                        ports: ports, permission: permission, audit: SessionAudit(log: audit, origin: origin))
                }
            })
    }

    /// Takes the port; connections wait until `run()`. Returns the port, which matters where 0 was asked for.
    @discardableResult
    public func bind() async throws(ServerError) -> Int {
        if let known = listening.withLock({ $0 }) { return known.port }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: min(2, max(1, System.coreCount)))
        // What is drawn is drawn in time, whoever watches; and a viewer too many costs viewers, not pictures.
        for loop in group.makeIterator() { loop.execute { ThreadPriority.lower() } }
        do {
            let channel = try await bootstrap(on: group).bind(host: configuration.host, port: configuration.port).get()
            let bound = Listening(
                channel: channel, group: group, port: channel.localAddress?.port ?? configuration.port)
            listening.withLock { $0 = bound }
            return bound.port
        } catch {
            try? await group.shutdownGracefully()
            throw ServerError(error, host: configuration.host, port: configuration.port)
        }
    }

    /// The port that is listened on; nil before `bind()`.
    public var port: Int? { listening.withLock { $0?.port } }

    /// Serves until graceful shutdown or cancellation. Viewers are told, and are gone within two seconds.
    public func run() async throws {
        try await bind()
        guard let listening = listening.withLock({ $0 }) else { return }
        let metronomes = startMetronomes(on: listening.group)
        try? await listening.channel.setOption(.autoRead, value: true).get()
        logger.info("Listening.", metadata: ["host": "\(configuration.host)", "port": "\(listening.port)"])
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await connection in connections.stream {
                    group.addTask { await self.serve(connection) }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.end(listening)
        }
        for metronome in metronomes { metronome.stop() }
        try? await listening.group.shutdownGracefully()
        configuration.audit?.flush()
    }

    /// Lets others in than before, and more or fewer of them. Who is connected stays.
    ///
    /// - Parameters:
    ///   - authToken: As `ServerConfiguration.authToken`.
    ///   - viewToken: As `ServerConfiguration.viewToken`.
    public func admit(
        limits: ServerConfiguration.Limits, allowedOrigins: [String], authToken: String?, viewToken: String?
    ) {
        environment.admissions.update(limits: limits)
        environment.rate.update(perSecond: limits.requestsPerSecond)
        origins.update(allowed: allowedOrigins)
        tokens.update(auth: authToken, view: viewToken)
    }

    /// Reads the certificate's files again where they changed, as happens by itself every few seconds. Blocks.
    public func reloadCertificate() { configuration.tls?.reloadIfChanged() }

    private func bootstrap(on group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        let limit = ConnectionLimit(
            admissions: environment.admissions, registry: environment.registry, logger: logger)
        return ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptWatch(limit: limit), position: .first)
                }
            }
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Nobody is accepted before somebody serves.
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_sndbuf), value: 128 * 1024)
            // A frame that is not gone yet makes a channel unwritable: the next one waits where it can be replaced.
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1, high: 48 * 1024))
            .childChannelInitializer { [open, pipeline, connections] channel in
                guard open.add(channel, limit: limit.connections) else {
                    limit.refuse()
                    return channel.close()
                }
                return pipeline.configure(channel) { connection in
                    if case .terminated = connections.continuation.yield(connection) {
                        // Too late to be served: an async channel must be finished before it may go.
                        Task { try? await connection.executeThenClose { _, _ in } }
                    }
                }
            }
    }

    private func startMetronomes(on group: MultiThreadedEventLoopGroup) -> [Metronome] {
        let loop = group.next()
        let (hub, metrics, dashboards) = (environment.hub, environment.metrics, environment.dashboards)
        return [
            Metronome(on: loop, every: .microseconds(33_333)) {
                metrics.tick()
                dashboards.tick()
            },
            Metronome(on: loop, every: .seconds(5)) { [memory, usage = environment.usage] in
                memory.add(bytes: usage.reading().residentBytes, at: Double(MonotonicClock.microseconds) * 1e-6)
            },
            Metronome(on: loop, every: timings.certificateWatch) { [tls = configuration.tls] in
                guard let tls else { return }
                // Reading files is nothing for the loop.
                DispatchQueue.global().async { tls.reloadIfChanged() }
            },
            Metronome(on: loop, every: .seconds(1)) {
                guard hub.viewerCount > 0 else { return }
                hub.announce(StatsBulletin(hub.statistics.snapshot()))
            },
        ]
    }

    private func serve(_ connection: HTTPConnection) async {
        await HTTPExchange(responder: responder, product: configuration.build.product, logger: logger)
            .serve(connection)
    }

    /// Says goodbye, waits a little, then closes what is left.
    private func end(_ listening: Listening) {
        let (open, continuation) = (open, connections.continuation)
        listening.channel.close(promise: nil)
        environment.hub.forEachReceiver { $0.endOfFrames() }
        open.quiesce()
        let loop = listening.group.next()
        let deadline = NIODeadline.now() + timings.closeGrace
        loop.scheduleRepeatedTask(initialDelay: .milliseconds(10), delay: .milliseconds(10)) { task in
            if NIODeadline.now() >= deadline { open.close() }
            guard open.isEmpty else { return }
            task.cancel()
            continuation.finish()
        }
    }
}

extension ServerError {
    fileprivate init(_ error: any Error, host: String, port: Int) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: self = .portInUse(host: host, port: port)
        case EACCES: self = .portForbidden(host: host, port: port)
        case EADDRNOTAVAIL: self = .addressUnknown(host: host)
        case .some(let code): self = .cannotListen(host: host, port: port, cause: String(cString: strerror(code)))
        case nil where error is SocketAddressError || error is SocketAddressError.UnknownHost:
            self = .addressUnknown(host: host)
        case nil: self = .cannotListen(host: host, port: port, cause: "\(error)")
        }
    }
}
