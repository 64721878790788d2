import Synchronization

/// Notices that the server itself is late: that frames wait for its event loops, whoever watches.
final class Lateness: Sendable {
    /// A frame that waits longer for its loop is late, µs: two frames at 60 a second.
    static let limit: UInt64 = 33_333
    /// A frame that the last viewer of a loop gets later than this is late as well, µs.
    static let limitOfLast: UInt64 = 60_000
    /// How long the server counts as late after that, µs: what queues up meanwhile has to drain first.
    static let span: UInt64 = 1_000_000

    private let lateUntil = Atomic<UInt64>(0)

    /// Takes note of a frame that a loop has handed out. True where it was late.
    /// - Parameters:
    ///   - begun: When the loop came to it.
    ///   - ended: When everybody on the loop had it.
    func note(_ delivery: FrameDelivery, begun: UInt64, ended: UInt64) -> Bool {
        guard begun > delivery.publishedAt + Self.limit || ended > delivery.publishedAt + Self.limitOfLast
        else { return false }
        lateUntil.store(ended + Self.span, ordering: .relaxed)
        return true
    }

    /// Whether frames came late within the last second.
    func isLate(now: UInt64) -> Bool { now < lateUntil.load(ordering: .relaxed) }
}
