import Handoff
import NIOCore
import NIOWebSocket

/// What is said over an open WebSocket to a followed server: messages are taken in, pings are answered, and a peer that says
/// nothing is given up. Lives on the event loop of its channel.
final class SoundlabConversation: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Bytes.
    static let longestMessage = 1 << 20
    private static let pingEvery = TimeAmount.seconds(2)
    /// After so long without a frame of any sort the connection is dead.
    private static let deadAfter = TimeAmount.seconds(10)

    private let kind: SoundlabLink.Kind
    private let link: SoundlabLink
    private var heard = NIODeadline.now()
    private var rhythm: RepeatedTask?

    init(_ kind: SoundlabLink.Kind, _ link: SoundlabLink) {
        self.kind = kind
        self.link = link
    }

    func handlerAdded(context: ChannelHandlerContext) {
        heard = .now()
        link.opened()
        if kind == .dashboard { send(#"{"type":"get_state"}"#, context) }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        rhythm = context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.pingEvery) { _ in
            bound.value.handler.beat(bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { rhythm?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        rhythm?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        heard = .now()
        switch frame.opcode {
        case .text: link.received(frame.unmaskedData)
        case .ping: send(.pong, frame.unmaskedData, context)
        case .connectionClose:
            var payload = frame.unmaskedData
            let code = payload.readInteger(as: UInt16.self)
            let words = payload.readString(length: min(payload.readableBytes, 123)) ?? ""
            let said = words.filter { !$0.isNewline }
            link.ending(said.isEmpty ? "it ended the connection (\(code ?? 1005))." : "it says: \(said)")
            send(.connectionClose, frame.unmaskedData, context)
            context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        link.ending("what it sends is no WebSocket, or a message is too long.")
        context.close(promise: nil)
    }

    private func beat(_ context: ChannelHandlerContext) {
        guard NIODeadline.now() - heard < Self.deadAfter else {
            link.ending("it has said nothing for 10 s.")
            return context.close(promise: nil)
        }
        switch kind {
        case .metrics: send(.ping, ByteBuffer(), context)
        case .dashboard: send(#"{"type":"ping","client_time":\#(MonotonicClock.unixSeconds * 1_000)}"#, context)
        }
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        send(.text, ByteBuffer(string: text), context)
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: payload)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}
