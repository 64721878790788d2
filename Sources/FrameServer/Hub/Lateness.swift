import Synchronization

/// Notices that the server itself is late: that frames wait for its event loops, whoever watches.
final class Lateness: Sendable {
    /// A frame that waits longer for its loop is late, µs: two frames at 60 a second.
    static let limit: UInt64 = 33_333
    /// How long the server counts as late after that, µs: what queues up meanwhile has to drain first.
    static let span: UInt64 = 1_000_000

    private let lateUntil = Atomic<UInt64>(0)

    /// Takes note of a frame that a loop has come to. True where it was late.
    func note(_ delivery: FrameDelivery, now: UInt64) -> Bool {
        guard !delivery.isKept, now > delivery.publishedAt + Self.limit else { return false }
        lateUntil.store(now + Self.span, ordering: .relaxed)
        return true
    }

    /// Whether frames came late within the last second.
    func isLate(now: UInt64) -> Bool { now < lateUntil.load(ordering: .relaxed) }
}
