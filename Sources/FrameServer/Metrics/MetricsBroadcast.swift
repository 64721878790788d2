import Handoff
import NIOCore
import Telemetry

/// Sends the engine's newest state to everybody on `/ws/metrics`, thirty times a second, encoded once.
final class MetricsBroadcast: Sendable {
    private let fanout: LoopFanout<MetricsViewer, ByteBuffer>
    private let engine: any EnginePort
    private let statistics: FrameStatistics
    private let usage: ProcessUsage

    init(engine: any EnginePort, statistics: FrameStatistics, usage: ProcessUsage) {
        self.engine = engine
        self.statistics = statistics
        self.usage = usage
        fanout = LoopFanout(
            replaces: { _, _ in true }, missed: { _ in },
            deliver: { viewers, framed in
                for viewer in viewers { viewer.send(framed) }
            })
    }

    var viewerCount: Int { fanout.memberCount }

    /// Sends one message to everybody. Nobody there costs nothing.
    func tick() {
        guard viewerCount > 0 else { return }
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

    /// Sends a message, or leaves it out where the last one has not gone yet: the next one is newer.
    func send(_ framed: ByteBuffer) {
        guard let connection, connection.isWritable else { return }
        connection.send(framed)
    }
}
