import NIOCore

/// Stands first on a port that speaks TLS: the first byte tells who speaks it, and who came with plain HTTP.
final class ProtocolSniffer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What a TLS record begins with that opens a handshake.
    private static let handshake: UInt8 = 22

    private let patience: TimeAmount
    private let secure: (any Channel) throws -> Void
    private let plain: (any Channel) throws -> Void
    private var timeout: Scheduled<Void>?
    private var isDecided = false

    /// - Parameters:
    ///   - patience: How long the first byte may take.
    ///   - secure: Adds what speaks TLS.
    ///   - plain: Adds what answers the others.
    init(
        patience: TimeAmount, secure: @escaping (any Channel) throws -> Void,
        plain: @escaping (any Channel) throws -> Void
    ) {
        self.patience = patience
        self.secure = secure
        self.plain = plain
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
        let bytes = unwrapInboundIn(data)
        if !isDecided, let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) {
            isDecided = true
            timeout?.cancel()
            do {
                try (first == Self.handshake ? secure : plain)(context.channel)
            } catch {
                return context.close(promise: nil)
            }
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } else {
            context.fireChannelRead(data)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isDecided { return context.close(promise: nil) }
        if case ChannelEvent.inputClosed = event, !isDecided { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
