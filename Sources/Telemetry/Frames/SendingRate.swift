import Synchronization

/// How often each member of a group is really sent something, the mean of all: beats a second, less what was left out.
public final class SendingRate: Sendable {
    private struct State: Sendable {
        var beats = RateMeter()
        var due = RateMeter()
        var sent = RateMeter()
    }

    private let state = Mutex(State())

    /// A rate of 0.
    public init() {}

    /// Something is to go to `members`.
    /// - Parameter time: Monotonic, µs.
    public func beat(members: Int, at time: UInt64) {
        state.withLock { state in
            state.beats.add(at: time)
            state.due.add(Double(members), at: time)
        }
    }

    /// It has gone to so many of them.
    public func sent(_ members: Int, at time: UInt64) {
        state.withLock { $0.sent.add(Double(members), at: time) }
    }

    /// Over the last second, a member.
    public func perMember(at time: UInt64) -> Double {
        state.withLock { state in
            let due = state.due.rate(at: time)
            return due > 0 ? state.beats.rate(at: time) * min(1, state.sent.rate(at: time) / due) : 0
        }
    }
}
