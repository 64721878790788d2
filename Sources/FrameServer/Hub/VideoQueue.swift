/// A frame that may need the one before it.
protocol ChainedFrame {
    /// Counts the frames of a stream.
    var chain: UInt64 { get }
    /// Whether it can be decoded without the one before.
    var isKey: Bool { get }
    /// µs of the monotonic clock.
    var publishedAt: UInt64 { get }
}

/// The frames of one video stream on their way to one viewer: never one that cannot be decoded, never many, never old ones.
///
/// What does not fit is dropped with everything that waits, and the viewer goes on with the next key frame.
struct VideoQueue<Frame: ChainedFrame> {
    /// The most frames that wait.
    static var mostFrames: Int { 8 }
    /// The longest that a frame waits, µs.
    static var longestWait: UInt64 { 250_000 }

    private var waiting: [(frame: Frame, isAfterGap: Bool)] = []
    /// The newest frame that was taken in; nil where a key frame has to come first.
    private var newest: UInt64?
    private var hasGap = false

    init() {}

    /// Whether nothing can be sent before a key frame has come.
    var needsKey: Bool { newest == nil }

    /// Whether frames are missing since the last one that was taken in.
    var isInterrupted: Bool { hasGap }

    /// How long the oldest frame has waited, µs; 0 where none waits.
    func wait(now: UInt64) -> UInt64 { waiting.first.map { now - min(now, $0.frame.publishedAt) } ?? 0 }

    /// What became of a frame that was offered.
    struct Outcome: Equatable {
        /// Frames that the viewer will not get.
        var dropped = 0
        /// Whether the queue ran over.
        var hasOverflowed = false
    }

    /// Takes in the stream's next frame.
    /// - Parameter isOpen: Whether the viewer takes frames at present. To one who does not, no key frame is given to begin
    ///   anew with: what follows it would run over again.
    mutating func offer(_ frame: Frame, isOpen: Bool, now: UInt64) -> Outcome {
        var outcome = Outcome()
        if waiting.count >= Self.mostFrames || wait(now: now) > Self.longestWait {
            outcome.dropped = waiting.count
            outcome.hasOverflowed = true
            interrupt()
        }
        if let newest, frame.chain == newest &+ 1 {
            append(frame)
        } else if newest != nil, frame.isKey {
            // Frames before it are missing, but it needs none of them.
            hasGap = true
            append(frame)
        } else if frame.isKey, isOpen {
            append(frame)
        } else {
            if newest != nil { interrupt(keeping: true) }
            outcome.dropped += 1
        }
        return outcome
    }

    /// The next frame to be sent, and whether frames before it are missing.
    mutating func next() -> (frame: Frame, isAfterGap: Bool)? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// Whether a frame waits.
    var isEmpty: Bool { waiting.isEmpty }

    /// Forgets what waits; the viewer was away.
    mutating func interrupt() { interrupt(keeping: false) }

    /// - Parameter keeping: Whether what waits can still be sent, since only later frames are missing.
    private mutating func interrupt(keeping: Bool) {
        if !keeping { waiting.removeAll(keepingCapacity: true) }
        hasGap = hasGap || newest != nil
        newest = nil
    }

    private mutating func append(_ frame: Frame) {
        newest = frame.chain
        waiting.append((frame, hasGap))
        hasGap = false
    }
}
