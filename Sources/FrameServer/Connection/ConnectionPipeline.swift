import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket
import Telemetry

/// A connection that speaks plain HTTP, for a task to serve.
typealias HTTPConnection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

/// Sets up the pipeline of a new connection: HTTP until the first request tells whether it becomes a WebSocket.
struct ConnectionPipeline: Sendable {
    private enum Negotiated: Sendable {
        case http(HTTPConnection)
        case webSocket
    }

    let policy: UpgradePolicy
    /// The certificate, on a port that speaks TLS.
    let tls: TLSIdentity?
    let timings: ServerTimings
    let statistics: FrameStatistics
    let logger: Logger
    /// Makes what is spoken over an accepted WebSocket. Called on the connection's event loop.
    let makeSession: @Sendable (WebSocketEndpoint, SessionAudit.Origin) -> any WebSocketSession

    /// - Parameter serve: Takes a connection that speaks plain HTTP.
    func configure(
        _ channel: any Channel, serve: @escaping @Sendable (HTTPConnection) -> Void
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let tls else { return try configurePlain(channel, serve: serve) }
            try channel.pipeline.syncOperations.addHandler(
                ProtocolSniffer(
                    patience: timings.firstRequest,
                    secure: { channel in
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
                        try configurePlain(channel, serve: serve)
                    }, plain: { try PlainRefusal.add(to: $0, patience: timings.firstRequest) }))
        }
    }

    /// Adds what speaks HTTP to the end of the pipeline. On the channel's loop.
    private func configurePlain(
        _ channel: any Channel, serve: @escaping @Sendable (HTTPConnection) -> Void
    ) throws {
        let operations = channel.pipeline.syncOperations
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let gate = UpgradeGate(policy: policy, patience: timings.firstRequest)
        let negotiation = NIOTypedHTTPServerUpgradeHandler<Negotiated>(
            httpEncoder: encoder, extraHTTPHandlers: [decoder, gate],
            upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [webSocketUpgrader(gate: NIOLoopBound(gate, eventLoop: channel.eventLoop))],
                notUpgradingCompletionHandler: { configureHTTP($0) }))
        try operations.addHandlers(encoder, decoder, gate, negotiation)
        negotiation.upgradeResultFuture.whenComplete { result in
            switch result {
            case .success(.http(let connection)): serve(connection)
            case .success(.webSocket): break
            case .failure:
                // Nobody serves what became neither, and it may hold a place.
                channel.close(promise: nil)
            }
        }
    }

    private func configureHTTP(_ channel: any Channel) -> EventLoopFuture<Negotiated> {
        channel.eventLoop.makeCompletedFuture {
            let operations = channel.pipeline.syncOperations
            try operations.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
            try operations.addHandler(
                HTTPConnectionStateHandler(
                    idleTimeout: .nanoseconds(timings.idle.nanoseconds), logger: logger))
            return .http(
                try HTTPConnection(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)))
        }
    }

    /// As near to the socket as can be, but within what encrypts.
    private static func senderPosition(in channel: any Channel) throws -> ChannelPipeline.SynchronousOperations.Position
    {
        guard let encryption = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self) else {
            return .first
        }
        return .after(encryption)
    }

    private func webSocketUpgrader(
        gate: NIOLoopBound<UpgradeGate>
    ) -> NIOTypedWebSocketServerUpgrader<Negotiated> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: MessageAssembler.longestMessage,
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in
                var headers = HTTPHeaders()
                if let accepted = gate.value.accepted {
                    headers.add(name: RequestID.headerName, value: accepted.origin.requestID.description)
                }
                if let subprotocol = gate.value.accepted?.subprotocol {
                    headers.add(name: "Sec-WebSocket-Protocol", value: subprotocol)
                }
                return channel.eventLoop.makeSucceededFuture(gate.value.accepted == nil ? nil : headers)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let accepted = gate.value.accepted else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    let sender = RawSender()
                    try channel.pipeline.syncOperations.addHandler(
                        sender, position: try Self.senderPosition(in: channel))
                    try channel.pipeline.syncOperations.addHandler(
                        WebSocketConnection(
                            channel: channel, session: makeSession(accepted.endpoint, accepted.origin), sender: sender,
                            timings: timings,
                            statistics: statistics))
                    logger.debug(
                        "A WebSocket begins.",
                        metadata: [
                            "request_id": "\(accepted.origin.requestID)", "path": "\(accepted.origin.path)",
                            "address": "\(accepted.origin.address ?? "local")",
                        ])
                    return .webSocket
                }
            })
    }
}
