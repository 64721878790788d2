import Synchronization

/// Stands between the encoders and whoever distributes their frames, and hands the same frames to recorders and outputs.
/// However many there are, a stream is encoded once.
public final class PacketTaps: FrameSink {
    private let next: any FrameSink
    private let taps = Mutex<[UInt16: [Entry]]>([:])

    /// A tap belongs to its reader: where the reader is gone, so is the tap.
    private struct Entry {
        weak var tap: PacketTap?
    }

    /// - Parameter next: Gets every frame first.
    public init(next: any FrameSink) { self.next = next }

    /// Wants the frames of a stream, until the tap is closed.
    /// - Parameters:
    ///   - seconds: How far the reader may fall behind.
    ///   - dropped: Told of frames that it did not get because of that; called from the encoder's thread.
    public func open(
        _ stream: EncodedStream, seconds: Double = 2, dropped: @escaping @Sendable (Int) -> Void
    ) -> PacketTap {
        let tap = PacketTap(stream, seconds: seconds, dropped: dropped) { [weak self] tap in
            self?.taps.withLock { $0[tap.stream.id]?.removeAll { $0.tap == nil || $0.tap === tap } }
        }
        taps.withLock { $0[stream.id, default: []].append(Entry(tap: tap)) }
        tap.begin()
        return tap
    }

    /// Hands a frame on.
    public func publish(_ frame: EncodedFrame) {
        next.publish(frame)
        for tap in readers(of: frame.stream) { tap.offer(frame) }
    }

    /// Tells everybody that a stream has no encoder any more.
    public func failed(_ stream: EncodedStream) {
        next.failed(stream)
        for tap in readers(of: stream.id) { tap.fail() }
    }

    private func readers(of stream: UInt16) -> [PacketTap] {
        taps.withLock { $0[stream]?.compactMap(\.tap) ?? [] }
    }
}
