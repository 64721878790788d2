import Handoff
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// One WebSocket to a followed server, opened again and again for as long as it is wanted. Everything happens on one event
/// loop.
///
/// `@unchecked Sendable`: every `var` is touched on `loop` alone.
final class SoundlabLink: @unchecked Sendable {
    enum Kind: String, Sendable {
        case metrics, dashboard

        var path: String { "/ws/" + rawValue }
    }

    /// How long an attempt may take until the WebSocket stands.
    private static let patience = TimeAmount.seconds(5)
    /// A server without a dashboard is asked for one this often.
    private static let dashboardPause = TimeAmount.seconds(30)

    private let kind: Kind
    private let feed: SoundlabFeed
    private let loop: any EventLoop
    private var delay = ReconnectDelay()
    private var generator = SystemRandomNumberGenerator()
    private var isWanted = false
    private var channel: (any Channel)?
    private var next: Scheduled<Void>?
    /// Why the present attempt or connection ends, where that is known better than that it ended.
    private var reason: String?
    /// The server has no such WebSocket.
    private var isAbsent = false

    init(_ kind: Kind, _ feed: SoundlabFeed) {
        self.kind = kind
        self.feed = feed
        loop = MultiThreadedEventLoopGroup.singleton.next()
    }

    func start() {
        loop.execute { [self] in
            isWanted = true
            connect()
        }
    }

    func stop() {
        loop.execute { [self] in
            isWanted = false
            next?.cancel()
            channel?.close(promise: nil)
        }
    }

    private func connect() {
        guard isWanted else { return }
        (reason, isAbsent) = (nil, false)
        let address = feed.address
        ClientBootstrap(group: loop)
            .connectTimeout(Self.patience)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel.pipeline.syncOperations) }
            }
            .connect(host: address.host, port: address.port)
            .whenComplete { [self] result in
                switch result {
                case .success(let channel):
                    self.channel = channel
                    channel.closeFuture.whenComplete { [self] _ in ended() }
                    if !isWanted { channel.close(promise: nil) }
                case .failure:
                    reason = "nobody answers there."
                    ended()
                }
            }
    }

    private func configure(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        let request = SoundlabRequest(kind.path, feed.address, patience: Self.patience) { [self] in refused($0) }
        let bound = NIOLoopBound(request, eventLoop: loop)
        let upgrader = NIOWebSocketClientUpgrader(
            maxFrameSize: SoundlabConversation.longestMessage
        ) { [self] channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1_024,
                        maxAccumulatedFrameSize: SoundlabConversation.longestMessage),
                    SoundlabConversation(kind, self))
            }
        }
        try pipeline.addHTTPClientHandlers(
            leftOverBytesStrategy: .forwardBytes,
            withClientUpgrade: (
                [upgrader], { context in context.pipeline.syncOperations.removeHandler(bound.value, promise: nil) }
            ))
        try pipeline.addHandler(request)
    }

    // MARK: On the event loop

    func opened() { feed.opened(kind) }

    func received(_ text: ByteBuffer) {
        delay.reset()
        switch kind {
        case .metrics: feed.received(metrics: text)
        case .dashboard: feed.received(dashboard: text)
        }
    }

    /// The connection is about to be ended for this.
    func ending(_ sentence: String) { reason = reason ?? sentence }

    private func refused(_ status: UInt?) {
        switch status {
        case 401, 403: reason = "it wants a token; give it as in 'soundlab:ws://HOST:PORT?token=…'."
        case 404, 426:
            reason = "it has no \(kind.path)."
            isAbsent = true
        case 503: reason = "all its places are taken."
        case let status?: reason = "it answered with status \(status) instead of a WebSocket."
        case nil: reason = "it does not answer as a server does."
        }
    }

    private func ended() {
        channel = nil
        feed.closed(kind, because: reason ?? "it ended the connection.")
        guard isWanted else { return }
        let pause =
            kind == .dashboard && isAbsent
            ? Self.dashboardPause : .milliseconds(Int64(delay.next(using: &generator) * 1_000))
        next = loop.scheduleTask(in: pause) { [self] in connect() }
    }
}
