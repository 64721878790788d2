import NIOCore
import NIOHTTP1

/// Stands before NIO's upgrade handler, which drops a request whose upgrade it refuses: what arrives there as an upgrade
/// has been accepted already, everything else arrives as a plain request or is answered here.
final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let policy: UpgradePolicy
    /// How long the peer may take until its first request has become what it becomes.
    private let patience: TimeAmount
    private var isDecided = false
    private var isRefusing = false
    private var timeout: Scheduled<Void>?
    /// Set once an upgrade has been accepted.
    private(set) var accepted: (endpoint: WebSocketEndpoint, subprotocol: String?, origin: SessionAudit.Origin)?

    init(policy: UpgradePolicy, patience: TimeAmount) {
        self.policy = policy
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timeout?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefusing else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        guard !isDecided else {
            // Only the first request of a connection can be upgraded.
            head.headers.remove(name: "Upgrade")
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        isDecided = true
        switch policy.decide(head, from: context.channel.remoteAddress) {
        case .plain:
            timeout?.cancel()
            head.headers.remove(name: "Upgrade")
        case .accept(let endpoint, let subprotocol, let admission):
            // The place is taken from here on, but NIO upgrades only at the end of the request: until then, which is until
            // this handler is removed, the time keeps running.
            context.channel.closeFuture.whenComplete { _ in admission.end() }
            let origin = policy.origin(head, from: context.channel.remoteAddress)
            policy.record(origin, status: .switchingProtocols)
            accepted = (endpoint, subprotocol, origin)
            head.headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        case .refuse(let status, let detail, let headers):
            isRefusing = true
            let origin = policy.origin(head, from: context.channel.remoteAddress)
            policy.record(origin, status: status)
            let id = (RequestID.headerName, origin.requestID.description)
            return refuse(context, version: head.version, status, detail, headers + [id])
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isDecided { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDecided, error is HTTPParserError else { return context.fireErrorCaught(error) }
        isDecided = true
        isRefusing = true
        timeout?.cancel()
        refuse(context, version: .http1_1, .badRequest, "This is not a request in HTTP/1.1.", [])
    }

    private func refuse(
        _ context: ChannelHandlerContext, version: HTTPVersion, _ status: HTTPResponseStatus, _ detail: String,
        _ headers: [(String, String)]
    ) {
        let body = (try? WireJSON.encode(FailureBody(detail: detail))) ?? ByteBuffer()
        var fields = HTTPHeaders(headers)
        fields.add(name: "Content-Type", value: "application/json")
        fields.add(name: "Content-Length", value: String(body.readableBytes))
        fields.add(name: "Connection", value: "close")
        for (name, value) in policy.headers.all { fields.add(name: name, value: value) }
        let head = HTTPResponseHead(version: version, status: status, headers: fields)
        let channel = context.channel
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
