import Handoff
import NIOCore
import PhiModel

/// Tells all dashboards that have asked for it the state, thirty times a second, encoded once.
final class DashboardBroadcast: Sendable {
    let ports: ServerPorts
    /// How old what they were told was.
    let delays = StateDelays()
    private let fanout: LoopFanout<DashboardSession, ByteBuffer>

    init(ports: ServerPorts) {
        self.ports = ports
        fanout = LoopFanout(
            replaces: { _, _ in true }, missed: { _ in },
            deliver: { sessions, framed in
                for session in sessions { session.send(framed) }
            })
    }

    /// Dashboards that are connected, whether they have asked or not.
    var clientCount: Int { fanout.memberCount }

    /// Sends one message to everybody. Nobody there costs nothing.
    func tick() {
        guard clientCount > 0 else { return }
        let now = MonotonicClock.unixSeconds
        measure(now)
        // An encoding error means a number that is not finite; the next sample has other numbers.
        guard
            let framed = try? WebSocketFraming.text(
                StateSync(serverTime: now * 1_000, data: DashboardData(ports)))
        else { return }
        fanout.post(framed)
    }

    /// Notes how old the newest state is.
    /// - Parameter now: Unix seconds.
    func measure(_ now: Double) {
        delays.record((now - ports.engine.newestState().timestamp) * 1_000, at: MonotonicClock.microseconds)
    }

    func join(_ session: DashboardSession, on loop: any EventLoop) {
        fanout.join(session, id: ObjectIdentifier(session), on: loop)
    }

    func leave(_ session: DashboardSession, on loop: any EventLoop) {
        fanout.leave(id: ObjectIdentifier(session), on: loop)
    }
}

private struct StateSync: Encodable {
    let type = "state_sync"
    /// Unix milliseconds.
    let serverTime: Double
    let data: DashboardData
}
