import NIOCore
import NIOPosix

/// A TCP connection to the server under test, read step by step. For one task.
final class TestSocket {
    struct Ended: Error {}

    struct Head: Sendable {
        let status: Int
        let headers: [String: String]
    }

    private let channel: any Channel
    private var incoming: AsyncStream<ByteBuffer>.AsyncIterator
    private var buffer = ByteBuffer()

    private init(channel: any Channel, incoming: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = incoming.makeAsyncIterator()
    }

    /// - Parameter prepare: Adds what is spoken between this and the socket, on the channel's loop.
    static func connect(
        _ port: Int, prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }
    ) async throws -> TestSocket {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_rcvbuf), value: 32 * 1024)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestSocket(channel: channel, incoming: stream)
    }

    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }
    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    /// Reads exactly `count` bytes.
    func read(_ count: Int) async throws -> ByteBuffer {
        while buffer.readableBytes < count { try await more() }
        guard let bytes = buffer.readSlice(length: count) else { throw Ended() }
        buffer.discardReadBytes()
        return bytes
    }

    /// Reads whatever is sent until the server closes.
    func readToEnd() async -> ByteBuffer {
        while (try? await more()) != nil {}
        return buffer
    }

    /// Reads status line and headers of a response.
    func readHead() async throws -> Head {
        while true {
            let bytes = buffer.readableBytesView
            if let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) }) {
                let text = buffer.readString(length: end - bytes.startIndex) ?? ""
                buffer.moveReaderIndex(forwardBy: 4)
                return Self.parse(text)
            }
            try await more()
        }
    }

    /// Stops or resumes reading from the network, so that the server's writes back up.
    func setReading(_ on: Bool) async throws { try await channel.setOption(.autoRead, value: on).get() }

    func close() async { try? await channel.close() }

    private func more() async throws {
        guard var next = await incoming.next() else { throw Ended() }
        buffer.writeBuffer(&next)
    }

    private static func parse(_ text: String) -> Head {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Head(status: status, headers: headers)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
