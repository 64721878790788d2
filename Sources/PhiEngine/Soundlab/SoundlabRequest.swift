import NIOCore
import NIOHTTP1

/// Asks for the WebSocket, and hears where the server refuses.
final class SoundlabRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let path: String
    private let address: SoundlabAddress
    private let patience: TimeAmount
    private let refused: (UInt?) -> Void
    private var timeout: Scheduled<Void>?

    /// - Parameter refused: Called with the status of an answer that is no WebSocket; with nil where there was none in time.
    init(_ path: String, _ address: SoundlabAddress, patience: TimeAmount, refused: @escaping (UInt?) -> Void) {
        self.path = path
        self.address = address
        self.patience = patience
        self.refused = refused
    }

    func channelActive(context: ChannelHandlerContext) {
        var headers = HTTPHeaders([("Host", address.authority)])
        if let token = address.token { headers.add(name: "Authorization", value: "Bearer \(token)") }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let bound = NIOLoopBound((handler: self, channel: context.channel), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: patience) {
            bound.value.handler.refused(nil)
            bound.value.channel.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timeout?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        timeout?.cancel()
        refused(head.status.code)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What comes is no HTTP.
        refused(nil)
        context.close(promise: nil)
    }
}
