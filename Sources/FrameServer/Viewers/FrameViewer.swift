import FrameCodec
import Handoff
import NIOCore
import Telemetry

/// One viewer on `/ws/frames` (contract §4.4): what it wants, what it can take, what waits for it. Lives on the event
/// loop of its connection.
final class FrameViewer: WebSocketSession, FrameReceiver {
    private let hub: FrameHub
    private let request: StreamRequest
    private let environment: ViewerEnvironment
    private var connection: WebSocketConnection?

    private var offer: StreamOffer?
    private var framesPerSecond: Double
    private var cadence: Cadence
    /// The widest picture that the viewer wants, pixels; nil for any.
    private var widest: Int?
    private var window = AckWindow()
    private var mayView: Bool
    private var isVisible = true
    private var isDemanding = false
    /// The one frame that waits until the socket or the viewer takes it.
    private var waiting: FrameDelivery?
    private var configuredEpoch: UInt32?
    private var sent = SentRate(since: MonotonicClock.microseconds)

    init(hub: FrameHub, request: StreamRequest, environment: ViewerEnvironment) {
        self.hub = hub
        self.request = request
        self.environment = environment
        mayView = request.mayView
        framesPerSecond = Double(environment.renderer.description.targetFPS)
        cadence = Cadence(framesPerSecond: framesPerSecond)
    }

    // MARK: WebSocketSession

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        hub.join(self, on: connection.eventLoop)
        if request.speaksOtherVersion {
            return connection.close(
                .unsupportedVersion, "This server speaks \(StreamRequest.subprotocol) only; ask for that subprotocol.")
        }
        if let codec = request.codec {
            subscribe(ViewerRequest(type: "subscribe", codecs: [codec], maxFps: request.framesPerSecond))
        } else {
            connection.send(json: environment.hello(hub.streams))
            if !mayView { awaitToken(on: connection.eventLoop) }
        }
    }

    func received(text: ByteBuffer) {
        guard let message = try? WireJSON.decode(ViewerRequest.self, from: text) else {
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

    func becameWritable() { sendWaiting() }

    func willClose(_ code: CloseCode, _ reason: String) {
        guard code != .goingAway else { return }
        let retryable = code == .tooSlow || code == .tooFast
        connection?.send(
            json: ErrorMessage(
                code: code.rawValue, message: reason, retryable: retryable, retryAfterMs: retryable ? 1_000 : 0))
    }

    func closed() {
        guard let connection else { return }
        takeDownDemand()
        offer = nil
        waiting = nil
        hub.leave(self, on: connection.eventLoop)
        self.connection = nil
    }

    // MARK: FrameReceiver

    func receive(_ delivery: FrameDelivery) -> Bool {
        guard let offer, delivery.frame.stream == offer.id else { return false }
        updateDemand()
        guard isDemanding, cadence.takes(delivery.frame.info.presentationTime) else { return false }
        guard canSend else {
            if waiting != nil { hub.statistics.recordDropped(reason: "slow_viewer") }
            waiting = delivery
            return false
        }
        waiting = nil
        send(delivery, of: offer)
        return true
    }

    func receive(_ figures: FrameFigures) {
        guard let offer, let connection, connection.isWritable else { return }
        let now = MonotonicClock.microseconds
        connection.send(json: environment.stats(figures, sent: sent.read(now: now), offer: offer, hub: hub))
    }
}

// MARK: - Sending

extension FrameViewer {
    private var canSend: Bool {
        guard let connection, connection.isWritable else { return false }
        return !window.isFull(framesPerSecond: framesPerSecond)
    }

    private func send(_ delivery: FrameDelivery, of offer: StreamOffer) {
        guard let connection else { return }
        let frame = delivery.frame
        if configuredEpoch != frame.epoch {
            configuredEpoch = frame.epoch
            connection.send(
                json: ConfigMessage(
                    stream: offer.id, epoch: frame.epoch, codec: offer.codec, width: frame.info.width,
                    height: frame.info.height, fps: framesPerSecond, encoder: offer.encoder,
                    hardware: offer.isHardware, reason: Nullable(reason(for: offer, width: Int(frame.info.width)))))
        }
        connection.send(delivery.framed)
        window.didSend(frame.info.sequence, now: MonotonicClock.microseconds)
        sent.add(bytes: delivery.framed.readableBytes)
    }

    /// Why the stream is as it is, above all where it is not as it was asked for: there is one size of each stream.
    private func reason(for offer: StreamOffer, width: Int) -> String? {
        guard let widest, widest < width else { return offer.reason }
        let size = "max_width \(widest) is not served yet, full size is sent"
        return offer.reason.map { "\($0); \(size)" } ?? size
    }

    private func sendWaiting() {
        guard let offer, let delivery = waiting, isDemanding, canSend else { return }
        waiting = nil
        send(delivery, of: offer)
        delivery.recordSent(viewers: 1, in: hub.statistics)
    }

    /// The last frame at once, where it is young, so that nobody looks at nothing.
    private func sendNewest() {
        guard let offer, isDemanding, canSend, let delivery = hub.newestFrame(of: offer.id) else { return }
        waiting = nil
        _ = cadence.takes(delivery.frame.info.presentationTime)
        send(delivery, of: offer)
        delivery.recordSent(viewers: 1, in: hub.statistics)
    }
}

// MARK: - What the viewer wants

extension FrameViewer {
    private func subscribe(_ wish: ViewerRequest) {
        mayView = mayView || environment.tokens.mayView([wish.token].compactMap { $0 })
        guard mayView else {
            connection?.close(.badToken, "Viewing needs a token, and this one is missing or wrong.")
            return
        }
        guard let chosen = hub.offer(for: wish.codecs ?? []) else {
            let had = hub.streams.map(\.codec).joined(separator: ", ")
            connection?.close(.badMessage, "None of the codecs asked for is served; this server has: \(had).")
            return
        }
        if let wanted = wish.maxFps, !StreamRequest.rates.contains(wanted) {
            connection?.close(.badMessage, "The frame rate must be a number from 1 to 240.")
            return
        }
        if let width = wish.maxWidth, !StreamRequest.widths.contains(width) {
            connection?.close(.badMessage, "max_width must be a whole number of pixels from 1 to 16384.")
            return
        }
        let isNew = offer?.id != chosen.id
        if isNew { takeDownDemand() }
        offer = chosen
        widest = wish.maxWidth
        framesPerSecond = min(wish.maxFps ?? .infinity, Double(environment.renderer.description.targetFPS))
        cadence.change(framesPerSecond: framesPerSecond)
        configuredEpoch = nil
        updateDemand()
        if isNew { sendNewest() }
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
        let now = MonotonicClock.microseconds
        // Also one that names no frame, such as {"type":"ack","visible":true}, ends a silence.
        window.heard(now: now)
        if let sequence = message.seq, let roundTrip = window.acknowledge(sequence, now: now) {
            hub.statistics.recordRoundTrip(microseconds: roundTrip)
        }
        let wasDemanding = isDemanding
        if let visible = message.visible { isVisible = visible }
        if !isVisible { waiting = nil }
        updateDemand()
        if isDemanding && !wasDemanding {
            window.forget()
            sendNewest()
        } else {
            sendWaiting()
        }
    }

    /// Hidden and silent viewers do not keep the encoder busy.
    private func updateDemand() {
        let silent = window.isSilent(
            for: environment.timings.ackSilence.microseconds, now: MonotonicClock.microseconds)
        let wants = offer != nil && isVisible && !silent
        guard wants != isDemanding else { return }
        if wants {
            offer?.demand.add()
            isDemanding = true
        } else {
            takeDownDemand()
        }
    }

    private func takeDownDemand() {
        if isDemanding { offer?.demand.remove() }
        isDemanding = false
    }
}
