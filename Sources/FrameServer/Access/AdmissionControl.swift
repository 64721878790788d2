import NIOCore
import Synchronization

/// Counts viewers, all together and by address, and says when there is no room for one more.
final class AdmissionControl: Sendable {
    private struct State: Sendable {
        var limits: ServerConfiguration.Limits
        var total = 0
        var webSockets = 0
        var perAddress: [String: Int] = [:]
    }

    private let state: Mutex<State>

    init(limits: ServerConfiguration.Limits) { state = Mutex(State(limits: limits)) }

    /// How many there may be.
    var limits: ServerConfiguration.Limits { state.withLock { $0.limits } }

    /// Lets more or fewer in from here on; who has a place keeps it.
    func update(limits: ServerConfiguration.Limits) { state.withLock { $0.limits = limits } }

    /// Viewers that have a place.
    var count: Int { state.withLock { $0.total } }

    /// Those of them that came by WebSocket.
    var webSocketCount: Int { state.withLock { $0.webSockets } }

    /// A place for a viewer from `address`, or nil where there is none. The place is given back by `Admission.end()`.
    func admit(_ address: SocketAddress?, isWebSocket: Bool = true) -> Admission? {
        let peer = PeerAddress(address)
        return state.withLock { state in
            guard state.total < state.limits.connections else { return nil }
            if let counted = peer.countedAs {
                guard state.perAddress[counted, default: 0] < state.limits.connectionsPerAddress else { return nil }
                state.perAddress[counted, default: 0] += 1
            }
            state.total += 1
            if isWebSocket { state.webSockets += 1 }
            return Admission(control: self, countedAs: peer.countedAs, isWebSocket: isWebSocket)
        }
    }

    fileprivate func release(countedAs address: String?, isWebSocket: Bool) {
        state.withLock { state in
            state.total -= 1
            if isWebSocket { state.webSockets -= 1 }
            guard let address, let count = state.perAddress[address] else { return }
            state.perAddress[address] = count > 1 ? count - 1 : nil
        }
    }
}

/// A viewer's place.
final class Admission: Sendable {
    private let control: AdmissionControl
    private let countedAs: String?
    private let isWebSocket: Bool
    private let hasEnded = Atomic(false)

    fileprivate init(control: AdmissionControl, countedAs: String?, isWebSocket: Bool) {
        self.control = control
        self.countedAs = countedAs
        self.isWebSocket = isWebSocket
    }

    /// Gives the place back; again is no harm.
    func end() {
        if hasEnded.exchange(true, ordering: .relaxed) { return }
        control.release(countedAs: countedAs, isWebSocket: isWebSocket)
    }
}

/// The address of a peer, as limits see it.
struct PeerAddress: Sendable {
    /// Nil where the peer is on this machine.
    let countedAs: String?

    init(_ address: SocketAddress?) { self.init(ip: address?.ipAddress) }

    init(ip: String?) {
        guard var ip else {
            // A Unix socket has no address, and is local.
            countedAs = nil
            return
        }
        if ip.lowercased().hasPrefix("::ffff:"), ip.contains(".") { ip.removeFirst("::ffff:".count) }
        countedAs = ip == "::1" || ip.hasPrefix("127.") ? nil : ip
    }
}
