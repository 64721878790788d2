public import FoundationEssentials
import Handoff
public import PhiModel
import Synchronization

/// Where samples are put that other programs push, for the engine `push` to take: many may put, the newest counts.
public final class StateInbox: LiveInput {
    /// Without a sample for so long the engine waits, s.
    private static let patience = 2.0

    private struct State {
        var newest: LiveSample?
        var offset = ClockOffset()
        var timestamp: Double?
        /// µs of the monotonic clock; nil before the first.
        var arrived: UInt64?
        var accepted: UInt64 = 0
        /// Accepted ones that a newer one came after before the engine's next tick.
        var replaced: UInt64 = 0
        var refused: UInt64 = 0
        /// Why the last one was refused, and when: µs of the monotonic clock.
        var refusal: (reason: String, at: UInt64)?
    }

    private let state = Mutex(State())

    public init() {}

    /// Takes a sample in, a JSON object with the fields of `StateReading`.
    ///
    /// - Throws: `StateDocumentError` where it cannot be used; it is counted then.
    public func put(json: Data) throws(StateDocumentError) {
        do throws(StateDocumentError) {
            let reading = try StateReading(json: json)
            if let word = reading.unknownWord { throw word }
            guard !reading.given.isEmpty else {
                throw StateDocumentError(field: nil, reason: "has no field of a state")
            }
            try put(reading)
        } catch {
            state.withLock {
                $0.refused += 1
                $0.refusal = ("\(error)", MonotonicClock.microseconds)
            }
            throw error
        }
    }

    private func put(_ reading: StateReading) throws(StateDocumentError) {
        let arrival = MonotonicClock.unixSeconds, now = MonotonicClock.microseconds
        let timestamp = reading.given.contains(.timestamp) ? reading.state.timestamp : nil
        let backwards: Double? = state.withLock { state in
            if let timestamp, let last = state.timestamp, timestamp < last {
                // A clock that was set is believed once the old one has been silent for a while.
                guard let arrived = state.arrived, Double(now - min(arrived, now)) * 1e-6 > Self.patience else {
                    return last - timestamp
                }
                state.offset.reset()
            }
            state.timestamp = timestamp ?? state.timestamp
            if let timestamp { state.offset.note(arrival: arrival, timestamp: timestamp) }
            if state.newest != nil { state.replaced += 1 }
            state.newest = LiveSample(reading: reading, taken: state.offset.moment(timestamp, arrival: arrival))
            state.arrived = now
            state.accepted += 1
            return nil
        }
        guard let backwards else { return }
        throw StateDocumentError(
            field: "timestamp",
            reason: "is \((backwards * 1_000).rounded() / 1_000) s before the last sample's; send samples in order")
    }

    func take() -> LiveSample? {
        state.withLock { state in
            defer { state.newest = nil }
            return state.newest
        }
    }

    /// How it fares.
    public var health: EngineHealth {
        let now = MonotonicClock.microseconds
        return state.withLock { state in
            let counts = ["accepted": state.accepted, "refused": state.refused, "replaced": state.replaced]
            func isRecent(_ time: UInt64?) -> Bool {
                time.map { Double(now - min($0, now)) * 1e-6 < Self.patience } ?? false
            }
            let refusal = state.refusal.flatMap { isRecent($0.at) ? $0.reason : nil }
            if isRecent(state.arrived) {
                return EngineHealth(
                    .running, refusal.map { "Some of what is pushed cannot be used: \($0)." }, counts: counts)
            }
            let sentence =
                if let refusal {
                    "What is pushed cannot be used: \(refusal)."
                } else if state.arrived == nil {
                    "No state has been pushed yet; send samples to POST /api/state or to /ws/state."
                } else {
                    "No state has been pushed for 2 s; is the program that sends them still running?"
                }
            return EngineHealth(.waiting, sentence, counts: counts)
        }
    }
}
