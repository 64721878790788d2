import Handoff
import NIOCore
import NIOWebSocket
import Telemetry

/// One WebSocket: assembles messages, answers pings, notices dead and stuck peers, closes in order. Lives on the event
/// loop of its channel.
final class WebSocketConnection: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private enum State {
        case open, closing, closed
    }

    private let channel: any Channel
    private let session: any WebSocketSession
    private let sender: RawSender
    private let timings: ServerTimings
    private let statistics: FrameStatistics
    private var assembler = MessageAssembler()
    private var state = State.open
    private var watch: RepeatedTask?
    private var nextPing = NIODeadline.now()
    private var unansweredPings = 0
    private var rate = MessageRate()
    private var stall = StallWatch()
    /// When a message began of which there is more to come.
    private var begun: NIODeadline?

    init(
        channel: any Channel, session: any WebSocketSession, sender: RawSender, timings: ServerTimings,
        statistics: FrameStatistics
    ) {
        self.channel = channel
        self.session = session
        self.sender = sender
        self.timings = timings
        self.statistics = statistics
    }

    var eventLoop: any EventLoop { channel.eventLoop }

    /// Whether the socket takes more without the server having to keep it.
    var isWritable: Bool { state == .open && channel.isWritable }

    /// Sends a framed message.
    func send(_ framed: ByteBuffer) {
        guard state == .open else { return }
        sender.send(framed)
    }

    /// Sends a JSON message.
    func send(json message: some Encodable) {
        // An encoding error means a number that is not finite; the next message has other numbers.
        guard let framed = try? WebSocketFraming.text(message) else { return }
        send(framed)
    }

    /// Ends the connection for a reason; the session hears of it first, and may send a last message.
    func close(_ code: CloseCode, _ reason: String) {
        guard state == .open else { return }
        session.willClose(code, reason)
        finish(with: WebSocketFraming.close(code, reason))
    }

    // MARK: ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) {
        nextPing = .now() + timings.ping
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        watch = eventLoop.scheduleRepeatedTask(initialDelay: timings.housekeeping, delay: timings.housekeeping) { _ in
            bound.value.lookAfterItself()
        }
        session.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if state == .closing {
            if frame.opcode == .connectionClose { channel.close(promise: nil) }
            return
        }
        guard state == .open else { return }
        let limit = session.messagesPerSecond ?? timings.messagesPerSecond
        guard rate.allows(limit, now: .now()) else {
            return close(.tooFast, "At most \(limit) messages a second are taken.")
        }
        let outcome = assembler.take(frame)
        begun = assembler.isPartial ? begun ?? .now() : nil
        switch outcome {
        case .text(let text): session.received(text: text)
        case .binary: close(.badMessage, "Messages to the server are JSON text.")
        case .ping(let payload): send(WebSocketFraming.frame(.pong, payload))
        case .pong(let payload): pong(payload)
        case .close(let payload): answer(close: payload)
        case .incomplete: break
        case .violation(let code, let reason): close(code, reason)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isWritable { session.becameWritable() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            close(.goingAway, "The server is shutting down.")
        case ChannelEvent.inputClosed:
            channel.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength:
            close(.tooLarge, "A message has at most \(MessageAssembler.longestMessage) bytes.")
        case is NIOWebSocketError:
            close(.protocolError, "The frame breaks RFC 6455.")
        default:
            channel.close(promise: nil)
        }
    }

    // MARK: Private

    private func pong(_ payload: ByteBuffer) {
        unansweredPings = 0
        guard let sentAt = payload.getInteger(at: payload.readerIndex, as: UInt64.self) else { return }
        let now = MonotonicClock.microseconds
        // What the peer returns is what it likes; only a plausible time counts.
        guard sentAt <= now, now - sentAt < timings.ping.microseconds * 2 else { return }
        statistics.recordRoundTrip(microseconds: now - sentAt)
    }

    private func answer(close payload: ByteBuffer) {
        guard CloseCode.isWellFormed(payload) else { return close(.protocolError, "The close breaks RFC 6455.") }
        finish(with: WebSocketFraming.frame(.connectionClose, payload), answering: true)
    }

    private func lookAfterItself() {
        guard state == .open else { return }
        let now = NIODeadline.now()
        if let begun, now - begun >= timings.message {
            return close(.tooSlow, "A message was begun, and not ended in time.")
        }
        let pending = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if stall.isStalled(writable: channel.isWritable, pending: pending, limit: timings.stall, now: now) {
            return close(.tooSlow, "Nothing was read for too long.")
        }
        guard now >= nextPing else { return }
        guard unansweredPings < 2 else { return close(.tooSlow, "Two pings were not answered.") }
        nextPing = now + timings.ping
        unansweredPings += 1
        send(WebSocketFraming.frame(.ping, ByteBuffer(integer: MonotonicClock.microseconds)))
    }

    private func finish(with closeFrame: ByteBuffer, answering: Bool = false) {
        sender.send(closeFrame)
        state = .closing
        watch?.cancel()
        session.closed()
        let channel = channel
        if answering && channel.isWritable {
            channel.close(promise: nil)
        } else {
            // Closing at once would reset the connection where the peer still sends, and the close frame would be lost.
            eventLoop.scheduleTask(in: timings.closeGrace) { channel.close(promise: nil) }
        }
    }

    private func end() {
        guard state != .closed else { return }
        watch?.cancel()
        if state == .open { session.closed() }
        state = .closed
    }
}
