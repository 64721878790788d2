import FrameCodec
import Handoff
import NIOCore
import Telemetry

/// One viewer on `/ws/frames` (contract §4.4): what it says, and what it is told. What it is sent is `ViewerFeed`'s. Lives
/// on the event loop of its connection.
final class FrameViewer: WebSocketSession, FrameReceiver {
    private let hub: FrameHub
    private let request: StreamRequest
    private let environment: ViewerEnvironment
    private let feed: ViewerFeed
    private var connection: WebSocketConnection?
    private var mayView: Bool
    private var isVisible = true

    init(hub: FrameHub, request: StreamRequest, environment: ViewerEnvironment) {
        self.hub = hub
        self.request = request
        self.environment = environment
        mayView = request.mayView
        feed = ViewerFeed(
            hub: hub, targetFPS: Double(environment.renderer.description.targetFPS),
            ackSilence: environment.timings.ackSilence.microseconds)
    }

    // MARK: WebSocketSession

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        feed.connection = connection
        hub.join(self, on: connection.eventLoop)
        if request.speaksOtherVersion {
            return connection.close(
                .unsupportedVersion, "This server speaks \(StreamRequest.subprotocol) only; ask for that subprotocol.")
        }
        if let codec = request.codec {
            subscribe(ViewerRequest(type: "subscribe", codecs: [codec], maxFps: request.framesPerSecond))
        } else {
            connection.send(json: environment.hello(hub))
            if !mayView { awaitToken(on: connection.eventLoop) }
        }
    }

    func received(text: ByteBuffer) {
        guard let message = AckScan.read(text) ?? (try? WireJSON.decode(ViewerRequest.self, from: text)) else {
            connection?.close(.badMessage, "A message is a JSON object with a type; this one could not be read.")
            return
        }
        switch message.type {
        case "subscribe":
            if let proto = message.proto, proto != 1 {
                connection?.close(.unsupportedVersion, "This server speaks protocol 1, not \(proto).")
            } else {
                subscribe(message)
            }
        case "ack":
            acknowledge(message)
        case "ping":
            connection?.send(
                json: PongMessage(
                    serverTime: MonotonicClock.unixSeconds * 1_000, clientTime: Nullable(message.clientTime),
                    monotonicUs: MonotonicClock.microseconds))
        default:
            connection?.close(.badMessage, "The message's type is none of subscribe, ack and ping.")
        }
    }

    func becameWritable() { feed.pump() }

    func willClose(_ code: CloseCode, _ reason: String) {
        guard code != .goingAway else { return }
        let retryable = code == .tooSlow || code == .tooFast
        connection?.send(
            json: ErrorMessage(
                code: code.rawValue, message: reason, retryable: retryable, retryAfterMs: retryable ? 1_000 : 0))
    }

    func closed() {
        guard let connection else { return }
        feed.end()
        hub.leave(self, on: connection.eventLoop)
        self.connection = nil
    }

    // MARK: FrameReceiver

    func receive(_ delivery: FrameDelivery) -> Bool { feed.receive(delivery) }

    func streamFailed(_ stream: EncodedStream) { feed.streamFailed(stream) }

    func receive(_ bulletin: StatsBulletin) {
        feed.review()
        guard isVisible, let stream = feed.stream, let connection, connection.isWritable else { return }
        let sent = feed.sent.read(now: hub.now)
        let message = bulletin.message(to: environment, of: stream, feed.format, sent: sent, hub: hub)
        if let message { connection.send(message) }
    }

    // MARK: What the viewer wants

    private func subscribe(_ message: ViewerRequest) {
        mayView = mayView || environment.tokens.mayView([message.token].compactMap { $0 })
        guard mayView else {
            connection?.close(.badToken, "Viewing needs a token, and this one is missing or wrong.")
            return
        }
        if let wanted = message.maxFps, !StreamRequest.rates.contains(wanted) {
            connection?.close(.badMessage, "The frame rate must be a number from 1 to 240.")
            return
        }
        if let width = message.maxWidth, !StreamRequest.widths.contains(width) {
            connection?.close(.badMessage, "max_width must be a whole number of pixels from 1 to 16384.")
            return
        }
        let wish = StreamWish(
            codecs: message.codecs ?? [], framesPerSecond: message.maxFps, width: message.maxWidth)
        guard let choice = hub.choose(wish) else {
            connection?.close(
                .badMessage,
                "None of the codecs asked for is served; this server has: \(hub.codecs.joined(separator: ", ")).")
            return
        }
        feed.watch(choice, wish)
    }

    /// Who may not look holds a place for a short while only.
    private func awaitToken(on loop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: environment.timings.firstRequest) {
            guard !bound.value.mayView else { return }
            bound.value.connection?.close(.badToken, "Viewing needs a token, and none has come.")
        }
    }

    private func acknowledge(_ message: ViewerRequest) {
        if let sequence = message.seq, !feed.hasSent(sequence) {
            connection?.close(.badMessage, "Frame \(sequence) is acknowledged, and was never sent.")
            return
        }
        if let visible = message.visible { isVisible = visible }
        feed.acknowledged(message.seq, isVisible: isVisible)
    }
}
