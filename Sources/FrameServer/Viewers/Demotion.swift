/// Decides when a viewer who cannot keep up with video is given less, and when more again: skip to the next key frame,
/// then stills at half the rate, then nothing.
struct Demotion {
    /// What has to happen.
    enum Step: Equatable {
        case stills
        case end
        case video
    }

    /// Over which time overflows are counted, µs.
    private static let span: UInt64 = 10_000_000
    /// Overflows within that time that video is given up for.
    private static let most = 3
    /// How long stills have to flow freely before video is tried again, µs.
    private static let probation: UInt64 = 20_000_000
    /// The least stills a second; who leaves others lying and takes fewer over the span is let go.
    private static let fewest = 1.0

    private var overflows: [UInt64] = []
    private var demotedAt: UInt64?
    private var lastReplacedAt: UInt64 = 0
    private var stillsSent = 0
    private var countedSince: UInt64 = 0

    /// Whether the viewer is given stills in place of video.
    var isDemoted: Bool { demotedAt != nil }

    /// The queue ran over.
    /// - Parameter canShowStills: Whether the viewer takes stills at all.
    mutating func overflowed(now: UInt64, canShowStills: Bool) -> Step? {
        overflows.removeAll { now > $0 + Self.span }
        overflows.append(now)
        guard overflows.count >= Self.most else { return nil }
        if !canShowStills { return overflows.count >= 2 * Self.most ? .end : nil }
        overflows = []
        demotedAt = now
        lastReplacedAt = now
        stillsSent = 0
        countedSince = now
        return .stills
    }

    /// A still was sent to a demoted viewer.
    mutating func sentStill() { stillsSent += 1 }

    /// A still was overtaken by a newer one before it could be sent.
    mutating func replacedStill(now: UInt64) { lastReplacedAt = now }

    /// What follows from how stills have flowed. Asked now and then.
    /// - Parameter isDemanding: Whether the viewer wants frames now; one that looks away is not slow.
    mutating func review(now: UInt64, isDemanding: Bool) -> Step? {
        guard isDemoted else { return nil }
        guard isDemanding else {
            (stillsSent, countedSince, lastReplacedAt) = (0, now, now)
            return nil
        }
        if now >= lastReplacedAt + Self.probation {
            demotedAt = nil
            return .video
        }
        guard now >= countedSince + Self.span else { return nil }
        defer { (stillsSent, countedSince) = (0, now) }
        // Where none was overtaken, no more were to be had.
        guard lastReplacedAt > countedSince else { return nil }
        return Double(stillsSent) < Self.fewest * Double(now - countedSince) * 1e-6 ? .end : nil
    }
}
