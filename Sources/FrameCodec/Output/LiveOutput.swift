import Dispatch
import Handoff
public import Logging
import NIOCore
import Synchronization

/// Sends the packets of a stream to another machine or into a playlist, and tries again for as long as that fails.
///
/// It has a thread of its own, and wants the stream only while the target takes it: a target that is broken or not there
/// disturbs nobody.
public final class LiveOutput: Sendable {
    /// Seconds that the other side may take for one packet.
    private static let patience = 8.0
    /// Seconds for which a target that took frames counts as sound again.
    private static let soundAfter = 5.0
    /// What an orderly end may take, ns.
    private static let farewell: UInt64 = 1_500_000_000

    private struct Gone: Error, CustomStringConvertible {
        let description: String
    }

    /// Where it goes.
    public let target: OutputTarget
    private let taps: PacketTaps
    private let stream: EncodedStream
    private let dropped: @Sendable (Int) -> Void
    private let logger: Logger
    private let state: Mutex<OutputStatus>
    private let isStopping = StopFlag()
    /// When `stop` was called, ns of the monotonic clock; 0 before.
    private let stoppedAt = Atomic<UInt64>(0)
    private let stopped = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - stream: Of H.264.
    ///   - name: How it is named in logs and answers; differs from that of every other output.
    ///   - dropped: Told of frames that did not go out because the target was too slow.
    public init(
        _ target: OutputTarget, name: String? = nil, taps: PacketTaps, stream: EncodedStream,
        dropped: @escaping @Sendable (Int) -> Void, logger: Logger
    ) {
        self.target = target
        self.taps = taps
        self.stream = stream
        self.dropped = dropped
        self.logger = logger
        state = Mutex(
            OutputStatus(
                target: name ?? target.name, state: .connecting, reason: nil, frames: 0,
                since: MonotonicClock.unixSeconds))
    }

    /// How it fares.
    public var status: OutputStatus { state.withLock { $0 } }

    /// Ends `work` soon, from any thread.
    func stop() {
        stoppedAt.store(MonotonicClock.nanoseconds, ordering: .relaxed)
        isStopping.set()
        stopped.signal()
    }

    /// Delivers until `stop`.
    func work() {
        var backoff = Backoff()
        var generator = SystemRandomNumberGenerator()
        var isPrepared = false
        while !isStopping.isSet {
            do {
                if !isPrepared { try target.prepare() }
                isPrepared = true
                try deliver()
            } catch {
                guard !isStopping.isSet else { break }
                let now = status
                if now.state == .up, MonotonicClock.unixSeconds - now.since > Self.soundAfter { backoff.reset() }
                let seconds = backoff.next(using: &generator)
                become(.down, "\(error)", retryIn: seconds)
                _ = stopped.wait(timeout: .now() + seconds)
            }
        }
        if isPrepared { target.close() }
        become(.ended)
    }

    private func deliver() throws {
        // Most targets are met before frames are wanted, so that nothing is encoded for one that is not there.
        var writer = try open(
            VideoTrack(
                codec: .h264, width: stream.width, height: stream.height,
                framesPerSecond: max(1, Int(stream.framesPerSecond.rounded())), unit: .microseconds))
        let tap = taps.open(stream, dropped: dropped)
        defer { tap.close() }
        var format: StreamFormat?
        var rhythm = KeyRhythm(seconds: OutputTarget.keySeconds)
        while !isStopping.isSet {
            switch tap.next(milliseconds: 250) {
            case .frame(let frame, _):
                if frame.format != format {
                    let isNominal =
                        format == nil && frame.format.width == stream.width && frame.format.height == stream.height
                    if !isNominal {
                        if format != nil { try writer.finish() }
                        writer = try open(VideoTrack(frame.format, .h264))
                    }
                    format = frame.format
                }
                try writer.write(frame)
                if rhythm.isKeyDue(at: frame.info.presentationTime, isKey: frame.isKey) { stream.requestKey() }
                become(.up)
                state.withLock { $0.frames += 1 }
            case .failed: throw Gone(description: stream.failure ?? "There is no encoder for H.264.")
            case .nothing: if let failure = stream.refusal { throw Gone(description: failure) }
            }
        }
        if format != nil { try? writer.finish() }
    }

    private func open(_ track: VideoTrack) throws(ContainerError) -> ContainerWriter {
        try ContainerWriter(
            target: target.destination, format: target.format(isContinued: status.frames > 0), video: track,
            timeout: Self.patience,
            isCancelled: { [weak self] in self?.isOverdue ?? true })
    }

    /// Whether the other side has had its time for a goodbye.
    private var isOverdue: Bool {
        let since = stoppedAt.load(ordering: .relaxed)
        return since > 0 && MonotonicClock.nanoseconds > since + Self.farewell
    }

    /// One sentence in the log for each change, however often it is tried.
    private func become(_ new: OutputStatus.State, _ reason: String? = nil, retryIn seconds: Double? = nil) {
        let (hasChanged, name) = state.withLock { status in
            let hasChanged = status.state != new || status.reason != reason
            if status.state != new { status.since = MonotonicClock.unixSeconds }
            status.state = new
            status.reason = reason
            return (hasChanged, status.target)
        }
        guard hasChanged else { return }
        switch new {
        case .connecting: break
        case .up: logger.info("The output \(name) is up.")
        case .ended: logger.info("The output \(name) has ended.")
        case .down:
            let wait = Int((seconds ?? 1).rounded(.up))
            logger.warning("The output \(name) is down and is tried again in \(wait) s: \(reason ?? "unknown")")
        }
    }
}

extension VideoTrack {
    /// The frames of a live stream's epoch.
    public init(_ format: StreamFormat, _ codec: VideoCodec) {
        self.init(
            codec: codec, width: format.width, height: format.height,
            framesPerSecond: max(1, Int(format.framesPerSecond.rounded())), unit: .microseconds)
    }
}

extension ContainerWriter {
    /// Writes a frame of a live stream at the time of its presentation.
    public func write(_ frame: EncodedFrame) throws {
        try frame.payload.withUnsafeReadableBytes {
            try writeVideo($0, isKey: frame.isKey, presentation: Int64(frame.info.presentationTime))
        }
    }
}
