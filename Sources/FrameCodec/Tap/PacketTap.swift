import Dispatch
import Synchronization

/// The frames of one stream for a thread that writes them somewhere: a file, or another machine.
///
/// Wants the stream from `PacketTaps.open` until `close`. Whoever publishes never waits: where the reader falls behind by
/// more than the queue holds, everything that waits is dropped, and the reader goes on with the next key frame.
public final class PacketTap: Sendable {
    /// What a reader is given.
    public enum Event: Sendable {
        /// The next frame of the stream. The first is a key frame.
        /// - isAfterGap: Frames are missing before it.
        case frame(EncodedFrame, isAfterGap: Bool)
        /// The stream has no encoder any more; its `failure` tells why.
        case failed
        /// Nothing came in time.
        case nothing
    }

    private struct State {
        var waiting: [(frame: EncodedFrame, isAfterGap: Bool)] = []
        /// The newest frame that was taken in; nil where a key frame has to come first.
        var newest: UInt64?
        var hasBegun = false
        var hasFailed = false
        var dropped: UInt64 = 0
    }

    /// Where the frames come from.
    public let stream: EncodedStream
    private let capacity: Int
    private let dropped: @Sendable (Int) -> Void
    private let detach: @Sendable (PacketTap) -> Void
    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    private let isClosed = Atomic<Bool>(false)
    private let leftOutBefore = Atomic<UInt64>(0)

    init(
        _ stream: EncodedStream, seconds: Double, dropped: @escaping @Sendable (Int) -> Void,
        detach: @escaping @Sendable (PacketTap) -> Void
    ) {
        self.stream = stream
        capacity = max(2, Int((stream.framesPerSecond * seconds).rounded(.up)))
        self.dropped = dropped
        self.detach = detach
    }

    deinit { close() }

    /// Frames that the reader did not get since the beginning, because it was too slow, or because they were not encoded
    /// where the server or viewers could not take all.
    public var droppedCount: UInt64 {
        state.withLock { $0.dropped } + stream.leftOutCount - leftOutBefore.load(ordering: .relaxed)
    }

    /// The next event; waits for it. For one reader.
    public func next(milliseconds: Int) -> Event {
        let deadline = DispatchTime.now() + .milliseconds(milliseconds)
        while true {
            if let event = take() { return event }
            // What is left of frames that were taken without waiting is no news.
            guard arrival.wait(timeout: deadline) == .success else { return take() ?? .nothing }
        }
    }

    /// Wants no more frames.
    public func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        detach(self)
        stream.released()
        stream.leave(framesPerSecond: stream.framesPerSecond)
    }

    /// Called once, when frames can come in.
    func begin() {
        leftOutBefore.store(stream.leftOutCount, ordering: .relaxed)
        stream.kept()
        stream.join(framesPerSecond: stream.framesPerSecond)
        stream.requestKey()
    }

    /// Takes in the stream's next frame. The publisher's side.
    func offer(_ frame: EncodedFrame) {
        let (lost, needsKey) = state.withLock { state -> (Int, Bool) in
            var lost = 0
            if state.waiting.count >= capacity {
                lost = state.waiting.count
                state.waiting.removeAll(keepingCapacity: true)
                state.newest = nil
            }
            let follows = state.newest.map { frame.chain == $0 &+ 1 } ?? false
            if follows || frame.isKey {
                state.waiting.append((frame, isAfterGap: state.hasBegun && !follows))
                state.newest = frame.chain
                state.hasBegun = true
            } else {
                // What was published before the reader's first key frame is not lost to it.
                if state.hasBegun { lost += 1 }
                state.newest = nil
            }
            state.dropped += UInt64(lost)
            return (lost, state.newest == nil)
        }
        if lost > 0 { dropped(lost) }
        if needsKey { stream.requestKey() } else { arrival.signal() }
    }

    func fail() {
        state.withLock { $0.hasFailed = true }
        arrival.signal()
    }

    private func take() -> Event? {
        state.withLock { state in
            if !state.waiting.isEmpty {
                let (frame, isAfterGap) = state.waiting.removeFirst()
                return .frame(frame, isAfterGap: isAfterGap)
            }
            guard state.hasFailed else { return nil }
            state.hasFailed = false
            return .failed
        }
    }
}
