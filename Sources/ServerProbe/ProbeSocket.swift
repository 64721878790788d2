import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A WebSocket to the examined server, open for a time that is set at the start: then it is closed, and its messages end.
struct ProbeSocket {
    enum Message {
        case text(ByteBuffer)
        case media(ByteBuffer)
    }

    private typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    private enum Upgrade {
        case done(Frames)
        case refused(NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>)
    }

    private static let longestMessage = 16 << 20

    /// Sends text to the server.
    struct Speaker: Sendable {
        fileprivate let writer: NIOAsyncChannelOutboundWriter<WebSocketFrame>

        func say(_ text: String) async throws {
            try await writer.write(
                WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text)))
        }
    }

    let server: ProbedServer
    /// With the query.
    let path: String

    /// Opens the socket, calls `opened`, and `body` for each message, until `seconds` have passed since it stood.
    ///
    /// - Throws: `ProbeError` where it cannot be opened or is closed early, and what the closures throw.
    func run(
        seconds: Double, opened: (Speaker) async throws -> Void = { _ in },
        _ body: (Message, Speaker) async throws -> Void
    ) async throws {
        let frames: Frames
        switch try await connect() {
        case .done(let channel): frames = channel
        case .refused(let channel): throw ProbeError.status(path, try await Self.status(of: channel))
        }
        let end = ContinuousClock.now + .seconds(seconds)
        let channel = frames.channel
        let closing = channel.eventLoop.scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) {
            channel.close(promise: nil)
        }
        defer { closing.cancel() }
        try await frames.executeThenClose { inbound, outbound in
            let speaker = Speaker(writer: outbound)
            try await opened(speaker)
            for try await frame in inbound {
                switch frame.opcode {
                case .text: try await body(.text(frame.unmaskedData), speaker)
                case .binary: try await body(.media(frame.unmaskedData), speaker)
                case .ping:
                    try await outbound.write(
                        WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData))
                case .connectionClose:
                    var payload = frame.unmaskedData
                    let code = payload.readInteger(as: UInt16.self) ?? 1005
                    throw ProbeError.unexpected(path, "was closed by the server with code \(code)")
                default: break
                }
            }
        }
        guard ContinuousClock.now >= end - .milliseconds(100) else {
            throw ProbeError.unexpected(path, "was closed by the server")
        }
    }

    private func connect() async throws -> Upgrade {
        let tls = try makeTLS()
        var headers = HTTPHeaders([("Host", server.authority)])
        if let token = server.token { headers.add(name: "Authorization", value: "Bearer \(token)") }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        do {
            let upgrade = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(Int64(ProbedServer.patience)))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: server.host, port: server.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let tls { try channel.pipeline.syncOperations.addHandler(makeHandler(tls)) }
                        return try Self.upgrade(channel, head)
                    }
                }
            return try await upgrade.get()
        } catch is NIOConnectionError {
            throw ProbeError.unreachable(server.url.absoluteString, "nobody answers there")
        } catch is NIOSSLError {
            throw ProbeError.unreachable(
                server.url.absoluteString, "its certificate is not trusted; give the authority's with --ca-file")
        } catch is ChannelError {
            throw ProbeError.unreachable(server.url.absoluteString, "it ends the connection")
        }
    }

    private static func upgrade(_ channel: any Channel, _ head: HTTPRequestHead) throws -> EventLoopFuture<Upgrade> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade>(maxFrameSize: longestMessage) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1_024,
                        maxAccumulatedFrameSize: longestMessage))
                return .done(try Frames(wrappingChannelSynchronously: channel))
            }
        }
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: head, upgraders: [upgrader],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        .refused(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
                    }
                }))
        // Messages that come with the answer are messages as well.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: configuration)
    }

    private func makeTLS() throws -> NIOSSLContext? {
        guard server.isEncrypted else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let path = server.trustedCertificates { configuration.trustRoots = .file(path) }
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw ProbeError.badCertificates(server.trustedCertificates ?? "of the system")
        }
    }

    private func makeHandler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        // Server name indication knows no addresses.
        let isAddress = (try? SocketAddress(ipAddress: server.host, port: server.port)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : server.host)
    }

    private static func status(
        of channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    ) async throws -> Int {
        try await channel.executeThenClose { inbound, _ in
            for try await part in inbound {
                if case .head(let head) = part { return Int(head.status.code) }
            }
            return 0
        }
    }
}
