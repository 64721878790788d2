import NIOCore

/// Writes bytes at the head of the pipeline, past every encoder: what is sent was framed once for all peers.
final class RawSender: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func send(_ framed: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(framed), promise: nil)
    }
}
