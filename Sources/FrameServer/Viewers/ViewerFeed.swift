import FrameCodec
import Handoff
import NIOCore
import Telemetry

/// What one viewer is sent, and when: no more than it takes, nothing that it cannot decode, and less where it cannot keep
/// up. Lives on the event loop of its connection.
final class ViewerFeed {
    /// Between two key frames that one viewer asks for, µs.
    private static let keyInterval: UInt64 = 1_000_000

    /// Until `end`.
    var connection: WebSocketConnection?
    /// What the viewer watches.
    private(set) var stream: EncodedStream?
    /// What the frames are that it is sent; nil before the first.
    private(set) var format: StreamFormat?
    var sent: SentRate

    private let hub: FrameHub
    private let targetFPS: Double
    private let ackSilence: UInt64
    private var wish = StreamWish(codecs: [])
    private var notes: [String] = []
    private var framesPerSecond: Double
    private var cadence: Cadence
    private var window = AckWindow()
    private var isVisible = true
    /// The rate that frames are wanted at from the stream; nil where none are.
    private var demanded: Double?
    private var configuredEpoch: UInt32?
    /// The one still that waits until the socket or the viewer takes it.
    private var waitingStill: FrameDelivery?
    private var queue = VideoQueue<FrameDelivery>()
    /// The last frame of video that was sent.
    private var newestVideo: (stream: UInt16, chain: UInt64)?
    /// The stream of stills from which the viewer gets a picture until its video's first key frame.
    private var opening: EncodedStream?
    private var keyAskedAt: UInt64 = 0
    private var demotion = Demotion()
    private var link: LinkMeter
    private var now: UInt64 { hub.now }

    init(hub: FrameHub, targetFPS: Double, ackSilence: UInt64) {
        self.hub = hub
        self.targetFPS = targetFPS
        self.ackSilence = ackSilence
        framesPerSecond = targetFPS
        cadence = Cadence(framesPerSecond: targetFPS)
        sent = SentRate(since: hub.now)
        link = LinkMeter(since: hub.now)
    }

    /// The viewer wants something else than before.
    func watch(_ choice: StreamChoice, _ wish: StreamWish) {
        self.wish = wish
        demotion = Demotion()
        change(to: choice, framesPerSecond: min(wish.framesPerSecond ?? .infinity, targetFPS), note: nil)
    }

    /// The connection is over.
    func end() {
        takeDownDemand()
        connection = nil
        stream = nil
        waitingStill = nil
        queue = VideoQueue()
    }

    private func change(to choice: StreamChoice, framesPerSecond wanted: Double, note: String?) {
        let isNew = stream?.id != choice.stream.id
        takeDownDemand()
        stream = choice.stream
        notes = choice.notes + [note].compactMap { $0 }
        framesPerSecond = choice.stream.isVideo ? choice.stream.framesPerSecond : wanted
        cadence.change(framesPerSecond: framesPerSecond)
        configuredEpoch = nil
        if isNew {
            waitingStill = nil
            queue = VideoQueue()
        }
        updateDemand()
        if isNew { begin() }
    }

    // MARK: Frames

    /// True where the frame was sent at once.
    func receive(_ delivery: FrameDelivery) -> Bool {
        guard let stream else { return false }
        if delivery.frame.stream == opening?.id {
            sendOpening(delivery)
            return false
        }
        guard delivery.frame.stream == stream.id else { return false }
        updateDemand()
        guard demanded != nil else { return false }
        return stream.isVideo ? receiveVideo(delivery, of: stream) : receiveStill(delivery)
    }

    private func receiveStill(_ delivery: FrameDelivery) -> Bool {
        guard cadence.takes(delivery.frame.info.presentationTime) else { return false }
        guard canSend else {
            if waitingStill != nil {
                hub.statistics.recordDropped(reason: "slow_viewer")
                demotion.replacedStill(now: now)
            }
            waitingStill = delivery
            return false
        }
        waitingStill = nil
        send(delivery, delivery.framed)
        if demotion.isDemoted { demotion.sentStill() }
        return true
    }

    private func receiveVideo(_ delivery: FrameDelivery, of stream: EncodedStream) -> Bool {
        // A still in place of video may have told of an epoch when frames of the one before were still on their way here.
        if let configuredEpoch, Int32(bitPattern: delivery.frame.format.epoch &- configuredEpoch) < 0 { return false }
        let now = hub.now
        let outcome = queue.offer(delivery, isOpen: canSend, now: now)
        // Before the first key frame nothing is missing.
        let isServerLate = hub.lateness.isLate(now: now)
        if outcome.hasOverflowed || queue.isInterrupted, outcome.dropped > 0 {
            hub.statistics.recordDropped(
                reason: isServerLate ? "busy_server" : "slow_viewer", count: outcome.dropped)
            if !isServerLate { link.dropped() }
        }
        if !isServerLate { link.waited(queue.wait(now: now)) }
        if let report = link.report(now: now) { stream.report(report, of: ObjectIdentifier(self)) }
        // What a late server heaps up is no fault of the viewer's.
        if outcome.hasOverflowed, !isServerLate, let step = demotion.overflowed(now: now, canShowStills: canShowStills)
        {
            follow(step)
            return false
        }
        askForKey(now)
        return pumpVideo(except: delivery)
    }

    /// Sends what waits, as far as the viewer takes it.
    func pump() {
        guard let stream, demanded != nil else { return }
        if stream.isVideo {
            askForKey(now)
            _ = pumpVideo(except: nil)
        } else if let delivery = waitingStill, canSend {
            waitingStill = nil
            send(delivery, delivery.framed)
            delivery.recordSent(viewers: 1, in: hub.statistics)
            if demotion.isDemoted { demotion.sentStill() }
        }
    }

    /// - Parameter fresh: The frame that its deliverer counts by itself; whether it was sent is returned.
    private func pumpVideo(except fresh: FrameDelivery?) -> Bool {
        var isFreshSent = false
        while canSend, let (delivery, isAfterGap) = queue.next() {
            if delivery.isKey { endOpening() }
            // A stream that is come back to goes on with a gap as well.
            let isResumed =
                newestVideo.map { $0.stream == delivery.frame.stream && $0.chain &+ 1 != delivery.chain } ?? false
            newestVideo = (delivery.frame.stream, delivery.chain)
            send(delivery, isAfterGap || isResumed ? delivery.framedAfterGap : delivery.framed)
            if delivery.chain == fresh?.chain {
                isFreshSent = true
            } else {
                delivery.recordSent(viewers: 1, in: hub.statistics)
            }
        }
        return isFreshSent
    }

    private var canSend: Bool {
        guard let connection, connection.isWritable else { return false }
        return !window.isFull(framesPerSecond: framesPerSecond)
    }

    private func send(_ delivery: FrameDelivery, _ framed: ByteBuffer) {
        guard let connection else { return }
        let frame = delivery.frame
        if configuredEpoch != frame.format.epoch {
            configuredEpoch = frame.format.epoch
            format = frame.format
            connection.send(
                json: ConfigMessage(
                    frame.format, stream: frame.stream,
                    framesPerSecond: min(framesPerSecond, frame.format.framesPerSecond),
                    reason: (notes + [frame.format.reason].compactMap { $0 }).joined(separator: "; ")))
        }
        connection.send(framed)
        let now = hub.now
        window.didSend(frame.info.sequence, bytes: framed.readableBytes, now: now)
        // Who does not acknowledge is believed to have what its socket took.
        if !window.isAcknowledging { link.arrived(bytes: framed.readableBytes) }
        sent.add(bytes: framed.readableBytes)
    }

    // MARK: Beginnings

    /// A picture at once, so that nobody looks at nothing.
    private func begin() {
        guard let stream, demanded != nil else { return }
        guard stream.isVideo else {
            guard canSend, let delivery = hub.newestFrame(of: stream.id) else { return }
            waitingStill = nil
            _ = cadence.takes(delivery.frame.info.presentationTime)
            send(delivery, delivery.framed)
            delivery.recordSent(viewers: 1, in: hub.statistics)
            return
        }
        askForKey(now)
        // Where the encoder does not run yet, its first frame is a key frame and comes as soon as a still would.
        guard stream.format != nil, canShowStills, opening == nil,
            let stills = hub.streams.first(where: { $0.type == .jpeg && $0.width / 2 == stream.width / 2 })
        else { return }
        opening = stills
        if let delivery = hub.newestFrame(of: stills.id) {
            sendOpening(delivery)
        } else {
            stills.join(framesPerSecond: framesPerSecond)
            openingRate = framesPerSecond
        }
    }

    private var openingRate: Double?

    private func sendOpening(_ delivery: FrameDelivery) {
        guard let stream, let format = stream.format, canSend else { return endOpening() }
        endOpening()
        let picture = delivery.addressed(to: stream.id, format)
        send(picture, picture.framed)
        picture.recordSent(viewers: 1, in: hub.statistics)
    }

    private func endOpening() {
        if let openingRate { opening?.leave(framesPerSecond: openingRate) }
        openingRate = nil
        opening = nil
    }

    private func askForKey(_ now: UInt64) {
        guard let stream, stream.isVideo, queue.needsKey, canSend else { return }
        guard keyAskedAt == 0 || now >= keyAskedAt + Self.keyInterval else { return }
        keyAskedAt = now
        stream.requestKey()
    }

    private var canShowStills: Bool {
        wish.codecs.prefix(StreamChoice.mostCodecs).contains { $0.lowercased() == "jpeg" }
    }
}

// MARK: - What the viewer tells

extension ViewerFeed {
    /// Whether the frame, or a later one, was ever sent.
    func hasSent(_ sequence: UInt32) -> Bool { window.hasSent(sequence) }

    /// Takes an acknowledgement. Also one that names no frame, such as {"type":"ack","visible":true}, ends a silence.
    func acknowledged(_ sequence: UInt32?, isVisible: Bool) {
        let now = hub.now
        window.heard(now: now)
        if let sequence, let answer = window.acknowledge(sequence, now: now) {
            link.arrived(bytes: answer.bytes)
            if let roundTrip = answer.roundTrip { hub.statistics.recordRoundTrip(microseconds: roundTrip) }
        }
        self.isVisible = isVisible
        if !isVisible { waitingStill = nil }
        let wasDemanding = demanded != nil
        updateDemand()
        if demanded != nil, !wasDemanding {
            window.forget()
            begin()
        } else {
            pump()
        }
    }

    /// Hidden and silent viewers do not keep the encoder busy.
    private func updateDemand() {
        guard let stream else { return }
        let isSilent = window.isSilent(for: ackSilence, now: now)
        let wants = isVisible && !isSilent
        guard wants != (demanded != nil) else { return }
        if wants {
            demanded = framesPerSecond
            stream.join(framesPerSecond: framesPerSecond)
        } else {
            takeDownDemand()
            // What follows does not continue what was sent; nor is the viewer slow for having looked away.
            queue.interrupt()
            keyAskedAt = 0
        }
    }

    private func takeDownDemand() {
        endOpening()
        if let demanded { stream?.leave(framesPerSecond: demanded) }
        demanded = nil
    }
}

// MARK: - Less, and more again

extension ViewerFeed {
    /// Looks after a viewer who was given less. Once a second.
    func review() {
        updateDemand()
        let step = demotion.review(now: now, isDemanding: demanded != nil)
        if let step { follow(step) }
    }

    /// The encoder of a stream is gone; the viewer's next codec takes its place.
    func streamFailed(_ failed: EncodedStream) {
        guard stream?.id == failed.id else { return }
        guard let choice = hub.choose(wish) else {
            connection?.close(.badMessage, failed.failure ?? "The stream has ended.")
            return
        }
        change(to: choice, framesPerSecond: min(wish.framesPerSecond ?? .infinity, targetFPS), note: nil)
    }

    private func follow(_ step: Demotion.Step) {
        let wanted = min(wish.framesPerSecond ?? .infinity, targetFPS)
        switch step {
        case .end:
            connection?.close(.tooSlow, "The line or the viewer is too slow for this stream; try a smaller max_width.")
        case .video:
            guard let choice = hub.choose(wish) else { return }
            change(to: choice, framesPerSecond: wanted, note: nil)
        case .stills:
            // Stills are larger than frames of video; of half the width they are not.
            let stills = StreamWish(
                codecs: ["jpeg"], framesPerSecond: max(1, wanted / 2), width: (stream?.width ?? 2) / 2)
            guard let choice = hub.choose(stills) else { return }
            change(
                to: choice, framesPerSecond: max(1, wanted / 2),
                note: "video came too fast for this viewer, so it gets stills at half the rate for a while")
        }
    }
}
