import Handoff

/// How many frames a viewer may have on the way: clamp(⌈fps × min RTT⌉ + 2, 2, 8) once it has acknowledged one, and any
/// number before.
struct AckWindow {
    private struct Sent {
        var sequence: UInt32
        var at: UInt64
        var bytes: Int
    }

    /// What an acknowledgement told.
    struct Answer: Equatable {
        /// µs from sending to here; nil where the frame was not on the way any more.
        var roundTrip: UInt64?
        /// Bytes of the frames that it answers for.
        var bytes: Int
    }

    /// The most frames that may be on the way to a viewer who acknowledges.
    static let largest = 8
    /// The frames that are remembered until the first acknowledgement: over four seconds at 60 a second.
    static let remembered = 256

    private var sent: [Sent] = []
    /// From sending the first frame that an acknowledgement answers for to its coming: with what a viewer waits that
    /// acknowledges several at once.
    private var lowestRoundTrip: UInt64?
    private var heardAt: UInt64 = 0
    private var newest: UInt32?
    private var oldest: UInt32?

    /// Whether the viewer ever acknowledged a frame.
    var isAcknowledging: Bool { lowestRoundTrip != nil }

    /// How many frames may be on the way.
    func size(framesPerSecond: Double) -> Int {
        guard let lowestRoundTrip else { return .max }
        let inFlight = (framesPerSecond * Double(lowestRoundTrip) * 1e-6).rounded(.up)
        return Int(min(max(inFlight + 2, 2), Double(Self.largest)))
    }

    func isFull(framesPerSecond: Double) -> Bool {
        isAcknowledging && sent.count >= size(framesPerSecond: framesPerSecond)
    }

    /// Whether an acknowledging viewer left frames unanswered for `silence` µs.
    func isSilent(for silence: UInt64, now: UInt64) -> Bool {
        guard isAcknowledging, let oldest = sent.first else { return false }
        return now >= max(oldest.at, heardAt) + silence
    }

    /// Whether the number is none before the first frame that was sent, and none after the last. 0 stands for none
    /// of them, and is always known.
    func hasSent(_ sequence: UInt32) -> Bool {
        if sequence == 0 { return true }
        guard let newest, let oldest else { return false }
        return newest &- sequence <= newest &- oldest
    }

    mutating func didSend(_ sequence: UInt32, bytes: Int = 0, now: UInt64) {
        // Stills and video of the same moment may overtake each other.
        if newest.map({ Int32(bitPattern: sequence &- $0) > 0 }) ?? true { newest = sequence }
        if oldest.map({ Int32(bitPattern: sequence &- $0) < 0 }) ?? true { oldest = sequence }
        // Nothing bounds what is sent before the first acknowledgement, so what is remembered is bounded here. Many are
        // forgotten at once, since each time the others move up.
        if sent.count >= 2 * Self.remembered { sent.removeFirst(Self.remembered) }
        sent.append(Sent(sequence: sequence, at: now, bytes: bytes))
    }

    /// Takes an acknowledgement of `sequence` and all before it; nil where none of these was on the way.
    mutating func acknowledge(_ sequence: UInt32, now: UInt64) -> Answer? {
        heard(now: now)
        var count = 0, bytes = 0
        var sentAt: UInt64?
        var first = now
        // Frame numbers wrap around; the difference tells which is earlier. They need not be in order: a still that opens a
        // stream may have been drawn before the last frame of the stream before it.
        sent.removeAll { frame in
            guard Int32(bitPattern: frame.sequence &- sequence) <= 0 else { return false }
            if frame.sequence == sequence { sentAt = frame.at }
            first = min(first, frame.at)
            bytes += frame.bytes
            count += 1
            return true
        }
        guard count > 0 else { return nil }
        guard let sentAt else { return Answer(roundTrip: nil, bytes: bytes) }
        lowestRoundTrip = min(lowestRoundTrip ?? .max, now - first)
        return Answer(roundTrip: now - min(now, sentAt), bytes: bytes)
    }

    /// The viewer gave a sign of life.
    mutating func heard(now: UInt64) { heardAt = now }

    /// Forgets what is on the way: the viewer was away and will not answer.
    mutating func forget() { sent.removeAll(keepingCapacity: true) }
}
