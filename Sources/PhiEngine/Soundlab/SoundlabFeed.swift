import FoundationEssentials
import Handoff
import NIOCore
import NIOPosix
import PhiModel
import Synchronization

/// What a followed server sends. Messages are kept as they come, and only the newest is read, when the engine takes it: a
/// server that sends ten thousand a second costs no more than one that sends as many as are drawn.
final class SoundlabFeed: LiveInput {
    /// Without a message for so long the engine waits, s.
    private static let patience = 2.0
    /// So many messages of the dashboard are read at once, and then in a second: each is read where it arrives.
    private static let dashboardMessages = 100.0

    private struct State {
        var newest: (text: ByteBuffer, arrival: Double)?
        /// µs of the monotonic clock; nil before the first of this connection.
        var arrived: UInt64?
        /// When the last message came that was not the one before it, µs of the monotonic clock.
        var advanced: UInt64 = 0
        var offset = ClockOffset()
        /// When the connection began, µs of the monotonic clock.
        var opened: UInt64 = 0
        /// Why there is no connection; nil where there is one.
        var trouble: String?
        /// Why the last message that could not be read could not, and when that was: µs of the monotonic clock.
        var misreading: (reason: String, at: UInt64)?
        /// How many messages of the dashboard may be read, and when that was counted.
        var dashboard = (rest: dashboardMessages, at: UInt64(0))
        var isPaused = false
        /// Φ of the dashboard, for servers whose metrics lack it.
        var phi: (depth: Double?, phase: Double?) = (nil, nil)
        var lastTimestamp: Double?
        var received: UInt64 = 0
        var unreadable: UInt64 = 0
        var connections: UInt64 = 0
    }

    let address: SoundlabAddress
    private let state = Mutex(State())
    private let links: Mutex<[SoundlabLink]>

    init(_ address: SoundlabAddress) {
        self.address = address
        links = Mutex([])
        state.withLock { $0.trouble = "It is being connected to." }
    }

    /// Connects, and goes on connecting until `stop`.
    func start() {
        let made = [SoundlabLink(.metrics, self), SoundlabLink(.dashboard, self)]
        links.withLock { $0 = made }
        for link in made { link.start() }
    }

    func stop() {
        let ended = links.withLock { links in
            defer { links = [] }
            return links
        }
        for link in ended { link.stop() }
    }

    // MARK: From the links

    func opened(_ kind: SoundlabLink.Kind) {
        guard kind == .metrics else { return }
        state.withLock {
            $0.trouble = nil
            $0.arrived = nil
            $0.opened = MonotonicClock.microseconds
            $0.connections += 1
            $0.lastTimestamp = nil
            $0.misreading = nil
            $0.offset.reset()
        }
    }

    func closed(_ kind: SoundlabLink.Kind, because sentence: String) {
        state.withLock {
            switch kind {
            case .metrics: $0.trouble = sentence
            case .dashboard: ($0.isPaused, $0.phi) = (false, (nil, nil))
            }
        }
    }

    func received(metrics text: ByteBuffer) {
        let arrival = MonotonicClock.unixSeconds, now = MonotonicClock.microseconds
        state.withLock {
            $0.newest = (text, arrival)
            $0.arrived = now
            $0.received += 1
        }
    }

    /// A message of `/ws/dashboard`: the answer to a ping, or the state of the controls.
    func received(dashboard text: ByteBuffer) {
        let arrival = MonotonicClock.unixSeconds
        guard state.withLock({ Self.mayRead(&$0.dashboard) }) else { return }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let message = try? decoder.decode(DashboardMessage.self, from: Data(text.readableBytesView)) else {
            return
        }
        state.withLock { state in
            if message.type == "pong", let sent = message.clientTime, let answered = message.serverTime {
                state.offset.note(sent: sent / 1_000, answered: answered / 1_000, received: arrival)
            }
            guard let data = message.data else { return }
            state.isPaused = data.isPaused ?? (data.isPlaying.map { !$0 } ?? state.isPaused)
            state.phi = (data.phiDepth, data.phiPhase)
        }
    }

    private static func mayRead(_ budget: inout (rest: Double, at: UInt64)) -> Bool {
        let now = MonotonicClock.microseconds
        let passed = Double(now - min(budget.at, now)) * 1e-6
        budget = (min(budget.rest + passed * dashboardMessages, dashboardMessages), now)
        guard budget.rest >= 1 else { return false }
        budget.rest -= 1
        return true
    }

    // MARK: LiveInput

    func take() -> LiveSample? {
        guard
            let newest = state.withLock({ state in
                defer { state.newest = nil }
                return state.newest
            })
        else { return nil }
        do {
            let reading = try StateReading(json: Data(newest.text.readableBytesView))
            guard !reading.given.isEmpty else {
                throw StateDocumentError(field: nil, reason: "has no field of a state")
            }
            return state.withLock { sample(reading, newest.arrival, &$0) }
        } catch {
            state.withLock {
                $0.unreadable += 1
                $0.misreading = ("\(error)", MonotonicClock.microseconds)
            }
            return nil
        }
    }

    private func sample(_ reading: StateReading, _ arrival: Double, _ state: inout State) -> LiveSample? {
        var reading = reading
        let timestamp = reading.given.contains(.timestamp) ? reading.state.timestamp : nil
        if let timestamp {
            // Where engine samples are rarer than messages, one comes several times.
            if timestamp == state.lastTimestamp { return nil }
            if let last = state.lastTimestamp, timestamp < last { state.offset.reset() }
            state.lastTimestamp = timestamp
            state.offset.note(arrival: arrival, timestamp: timestamp)
        }
        state.advanced = MonotonicClock.microseconds
        reading.supply(phiDepth: state.phi.depth, phiPhase: state.phi.phase)
        return LiveSample(reading: reading, taken: state.offset.moment(timestamp, arrival: arrival))
    }

    var health: EngineHealth {
        state.withLock { state in
            let counts = [
                "received": state.received, "unreadable": state.unreadable, "connections": state.connections,
            ]
            let server = address.authority
            if let trouble = state.trouble {
                return EngineHealth(
                    .waiting, "The server \(server) is not followed at present: \(trouble)", counts: counts)
            }
            let now = MonotonicClock.microseconds
            guard let arrived = state.arrived, Double(now - min(arrived, now)) * 1e-6 < Self.patience else {
                return EngineHealth(
                    .waiting, "The server \(server) is connected and has sent no state for 2 s.", counts: counts)
            }
            func isRecent(_ time: UInt64) -> Bool { Double(now - min(time, now)) * 1e-6 < Self.patience }
            if let misreading = state.misreading {
                guard isRecent(state.advanced) else {
                    return EngineHealth(
                        .waiting, "What the server \(server) sends cannot be used: \(misreading.reason).",
                        counts: counts)
                }
                if isRecent(misreading.at) {
                    return EngineHealth(
                        .running, "Some of what the server \(server) sends cannot be used: \(misreading.reason).",
                        counts: counts)
                }
            }
            guard isRecent(max(state.advanced, state.opened)) else {
                return EngineHealth(
                    .waiting, "The server \(server) sends the same state again and again; its engine stands still.",
                    counts: counts)
            }
            return EngineHealth(.running, state.isPaused ? "The server \(server) is paused." : nil, counts: counts)
        }
    }

    private struct DashboardMessage: Decodable {
        struct Body: Decodable {
            let phiDepth: Double?
            let phiPhase: Double?
            let isPaused: Bool?
            let isPlaying: Bool?
        }
        let type: String
        let serverTime: Double?
        let clientTime: Double?
        let data: Body?
    }
}
