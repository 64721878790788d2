import NIOCore
import NIOHTTP1

/// Answers plain HTTP on a port that speaks TLS: who only looks is sent to https, everybody else is told.
final class PlainRefusal: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let patience: TimeAmount
    private var timeout: Scheduled<Void>?
    private var isAnswered = false

    /// - Parameter patience: How long the request may take.
    init(patience: TimeAmount) { self.patience = patience }

    /// Adds all that it takes to read one request and answer it.
    static func add(to channel: any Channel, patience: TimeAmount) throws {
        try channel.pipeline.syncOperations.addHandlers(
            HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            PlainRefusal(patience: patience))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timeout?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        var headers = HTTPHeaders([("Content-Type", "application/json"), ("Connection", "close")])
        let location = Self.location(head)
        if let location { headers.add(name: "Location", value: location) }
        let detail = FailureBody(detail: "This port speaks HTTPS; use https:// in place of http://.")
        let body = (try? WireJSON.encode(detail)) ?? ByteBuffer()
        headers.add(name: "Content-Length", value: String(body.readableBytes))
        let status: HTTPResponseStatus = location == nil ? .badRequest : .permanentRedirect
        let response = HTTPResponseHead(version: head.version, status: status, headers: headers)
        let channel = context.channel
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// Nil where somebody wants more than to look: what was sent in the clear is not to be sent again unasked.
    private static func location(_ head: HTTPRequestHead) -> String? {
        guard head.method == .GET || head.method == .HEAD, head.uri.hasPrefix("/"), !head.uri.hasPrefix("//"),
            head.headers["Host"].count == 1, let host = head.headers["Host"].first, !host.isEmpty,
            host.utf8.allSatisfy({ $0.isHostByte })
        else { return nil }
        return "https://\(host)\(head.uri)"
    }
}

extension UInt8 {
    /// Letters and digits, and what stands between them in a name, an address and a port.
    fileprivate var isHostByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
