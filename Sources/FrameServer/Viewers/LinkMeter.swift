import FrameCodec

/// Measures what a viewer takes, and whether frames wait for it.
struct LinkMeter {
    /// Between two reports, µs.
    static let interval: UInt64 = 500_000
    /// A frame that waits longer than this tells of congestion, µs.
    static let patience: UInt64 = 100_000

    private var bytes = 0
    private var since: UInt64
    private var isCongested = false
    private var wasCongested = false

    init(since: UInt64) { self.since = since }

    /// Bytes arrived at the viewer, as far as is known.
    mutating func arrived(bytes: Int) { self.bytes += bytes }

    /// The oldest frame has waited so long, µs.
    mutating func waited(_ microseconds: UInt64) { isCongested = isCongested || microseconds > Self.patience }

    /// Frames were dropped.
    mutating func dropped() { isCongested = true }

    /// What was measured, where it is time to tell.
    ///
    /// The line is congested from the second interval on in which frames wait: in the first, what arrived is what buffers
    /// on the way took in, which tells nothing of the line, and a reader that has frozen is not slow.
    mutating func report(now: UInt64) -> LinkReport? {
        guard now >= since + Self.interval else { return nil }
        defer { (bytes, since, isCongested, wasCongested) = (0, now, false, isCongested) }
        return LinkReport(
            bitsPerSecond: Double(bytes * 8) / (Double(now - since) * 1e-6),
            isCongested: isCongested && wasCongested)
    }
}
