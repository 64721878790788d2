import Handoff
import NIOCore
import Telemetry

/// Sends the engine's newest state to everybody on `/ws/metrics`, thirty times a second, encoded once.
final class MetricsBroadcast: Sendable {
    private let fanout: LoopFanout<MetricsViewer, ByteBuffer>
    private let engine: any EnginePort
    private let statistics: FrameStatistics
    private let usage: ProcessUsage
    private let rate: SendingRate

    init(engine: any EnginePort, statistics: FrameStatistics, usage: ProcessUsage) {
        self.engine = engine
        self.statistics = statistics
        self.usage = usage
        let rate = SendingRate()
        self.rate = rate
        fanout = LoopFanout(
            replaces: { _, _ in true }, missed: { _ in },
            deliver: { viewers, framed in
                let sent = viewers.count { $0.send(framed) }
                rate.sent(sent, at: MonotonicClock.microseconds)
            })
    }

    var viewerCount: Int { fanout.memberCount }

    /// Messages a second that one client gets, the mean of all; nil where there is none.
    var messagesPerSecond: Double? { viewerCount > 0 ? rate.perMember(at: MonotonicClock.microseconds) : nil }

    /// Sends one message to everybody. Nobody there costs nothing.
    func tick() {
        let count = viewerCount
        guard count > 0 else { return }
        rate.beat(members: count, at: MonotonicClock.microseconds)
        let message = MetricsMessage(
            engine.newestState(), framesPerSecond: statistics.renderedPerSecond,
            cpuPercent: usage.reading().cpuPercent, now: MonotonicClock.unixSeconds)
        // An encoding error means a number that is not finite; the next sample has other numbers.
        guard let framed = try? WebSocketFraming.text(message) else { return }
        fanout.post(framed)
    }

    func join(_ viewer: MetricsViewer, on loop: any EventLoop) {
        fanout.join(viewer, id: ObjectIdentifier(viewer), on: loop)
    }

    func leave(_ viewer: MetricsViewer, on loop: any EventLoop) {
        fanout.leave(id: ObjectIdentifier(viewer), on: loop)
    }
}

/// One client of `/ws/metrics`. Lives on the event loop of its connection.
final class MetricsViewer: WebSocketSession {
    private let broadcast: MetricsBroadcast
    private var connection: WebSocketConnection?

    init(broadcast: MetricsBroadcast) { self.broadcast = broadcast }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        broadcast.join(self, on: connection.eventLoop)
    }

    /// Clients of this stream have nothing to say; what they say anyway is not looked at.
    func received(text: ByteBuffer) {}

    func closed() {
        guard let connection else { return }
        broadcast.leave(self, on: connection.eventLoop)
        self.connection = nil
    }

    /// Sends a message, or leaves it out where the last one has not gone yet: the next one is newer. Returns whether it went.
    func send(_ framed: ByteBuffer) -> Bool {
        guard let connection, connection.isWritable else { return false }
        connection.send(framed)
        return true
    }
}
