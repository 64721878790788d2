import Dispatch
import Synchronization

/// Hands frames from the render thread to one consumer thread; the newest wins. The render thread never waits.
public final class FrameMailbox: Sendable {
    /// Whether the consumer wants frames at all; the render thread offers none otherwise.
    public let demand: Demand

    private let pool: FramePool
    private let slot = Atomic<Int>(-1)
    private let arrival = DispatchSemaphore(value: 0)
    private let replaced = Atomic<UInt64>(0)

    /// - Parameter demand: Shared with whoever knows whether somebody watches.
    public init(pool: FramePool, demand: Demand = Demand()) {
        self.pool = pool
        self.demand = demand
    }

    deinit { _ = take() }

    /// Puts a frame in, in place of one that was not taken yet. The render thread's side.
    public func offer(_ lease: consuming FrameLease) {
        let old = slot.exchange(lease.detach(), ordering: .acquiringAndReleasing)
        if old >= 0 {
            _ = FrameLease(pool: pool, detached: old)
            replaced.add(1, ordering: .relaxed)
        } else {
            arrival.signal()
        }
    }

    /// Lets go of the frame that waits, if one does. Either side may.
    public func clear() { _ = take() }

    /// The frame that waits, if one does.
    public func take() -> FrameLease? {
        let waiting = slot.exchange(-1, ordering: .acquiringAndReleasing)
        guard waiting >= 0 else { return nil }
        return FrameLease(pool: pool, detached: waiting)
    }

    /// Waits until a frame arrives, `wake` is called, or `milliseconds` have passed; with `.max` no time is too long. The
    /// consumer thread's side.
    public func wait(milliseconds: Int) -> FrameLease? {
        _ = arrival.wait(timeout: milliseconds == .max ? .distantFuture : .now() + .milliseconds(milliseconds))
        return take()
    }

    /// Ends a wait early.
    public func wake() { arrival.signal() }

    /// Frames that were replaced by a newer one before the consumer took them, since the start.
    public var replacedCount: UInt64 { replaced.load(ordering: .relaxed) }
}
