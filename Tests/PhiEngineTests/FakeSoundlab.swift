import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// A server on this machine that is followed, and does whatever a test has in mind. It has no dashboard.
final class FakeSoundlab: Sendable {
    /// What is done with a connection.
    enum Conduct: Sendable {
        /// Once the WebSocket stands; called on the connection's event loop.
        case webSocket(@Sendable (Peer) -> Void)
        /// Nothing is ever answered.
        case silence
        /// The connection ends at once.
        case end
        /// This is sent in place of an answer.
        case bytes(String)
    }

    /// The other end of a WebSocket.
    struct Peer: Sendable {
        let channel: any Channel

        func send(_ text: String) { send(.text, ByteBuffer(string: text)) }

        func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
            channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, data: payload), promise: nil)
        }

        /// Calls `body` with 0, 1, 2… until the connection ends.
        func repeatedly(every pause: TimeAmount, _ body: @escaping @Sendable (Int) -> Void) {
            let count = Count()
            let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: pause) { _ in
                body(count.next())
            }
            channel.closeFuture.whenComplete { _ in task.cancel() }
        }
    }

    private final class Count: Sendable {
        private let value = Atomic<Int>(0)
        func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
    }

    /// What all connections have in common.
    private final class Desk: Sendable {
        let conduct: Mutex<Conduct>
        let open = Mutex<[any Channel]>([])

        init(_ conduct: Conduct) { self.conduct = Mutex(conduct) }

        func accept(_ channel: any Channel) throws {
            open.withLock { $0.append(channel) }
            switch conduct.withLock({ $0 }) {
            case .silence: break
            case .end: channel.close(promise: nil)
            case .bytes(let text):
                try channel.pipeline.syncOperations.addHandler(Answer(text))
            case .webSocket(let body):
                let upgrader = NIOWebSocketServerUpgrader(
                    shouldUpgrade: { channel, head in
                        // The dashboard is refused.
                        channel.eventLoop.makeSucceededFuture(head.uri == "/ws/metrics" ? HTTPHeaders() : nil)
                    },
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(Pong())
                            channel.eventLoop.execute { body(Peer(channel: channel)) }
                        }
                    })
                let refusal = NIOLoopBound(Refusal(), eventLoop: channel.eventLoop)
                try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                    withServerUpgrade: (
                        upgraders: [upgrader],
                        completionHandler: { context in
                            context.pipeline.syncOperations.removeHandler(refusal.value, promise: nil)
                        }
                    ))
                try channel.pipeline.syncOperations.addHandler(refusal.value)
            }
        }
    }

    let port: Int
    private let desk: Desk
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let listener: any Channel

    init(_ conduct: Conduct) async throws {
        let desk = Desk(conduct)
        self.desk = desk
        listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try desk.accept(channel) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    /// Ends the connections there are; those that come next are treated so.
    func change(to conduct: Conduct) {
        desk.conduct.withLock { $0 = conduct }
        let ended = desk.open.withLock { open in
            defer { open = [] }
            return open
        }
        for channel in ended { channel.close(promise: nil) }
    }

    func end() async throws {
        change(to: .end)
        try await listener.close()
        try await group.shutdownGracefully()
    }

    private final class Pong: ChannelInboundHandler {
        typealias InboundIn = WebSocketFrame
        typealias OutboundOut = WebSocketFrame

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let frame = unwrapInboundIn(data)
            guard frame.opcode == .ping else { return }
            let answer = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class Refusal: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            let head = HTTPResponseHead(
                version: .http1_1, status: .notFound, headers: HTTPHeaders([("Content-Length", "0")]))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let text: String

        init(_ text: String) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }
}
