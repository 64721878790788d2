import FrameCodec
import Glibc
import Handoff
import Logging
import Synchronization

/// A stream that can be recorded.
public struct RecordedStream: Sendable {
    /// Where the frames come from.
    public let stream: EncodedStream
    /// What they are encoded with.
    public let codec: VideoCodec

    public init(_ stream: EncodedStream, _ codec: VideoCodec) {
        self.stream = stream
        self.codec = codec
    }
}

/// One session that is being recorded, on a thread of its own.
final class SessionRecording: Sendable {
    /// Between two times that what was recorded is made safe, µs: the disk may take a while, and a second is all that may be
    /// lost where the power goes.
    private static let safeEvery: UInt64 = 750_000
    /// Between two key frames, seconds: players seek by them.
    private static let keySeconds = 2.0

    private struct State {
        var session: Session
        var space: RecordingSpace
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let folder: SessionFolder
    private let taps: PacketTaps
    private let streams: [RecordedStream]
    private let feed: SessionFeed
    private let dropped: @Sendable (Int) -> Void
    private let logger: Logger
    /// The session's beginning, µs of the monotonic clock: the zero of every file.
    private let origin: UInt64
    private let state: Mutex<State>
    private let isStopping = Atomic<Bool>(false)

    /// - Parameter streams: The first that has an encoder is recorded.
    init(
        _ session: Session, folder: SessionFolder, taps: PacketTaps, streams: [RecordedStream],
        feed: SessionFeed, origin: UInt64, dropped: @escaping @Sendable (Int) -> Void, logger: Logger
    ) {
        self.folder = folder
        self.taps = taps
        self.streams = streams
        self.feed = feed
        self.origin = origin
        self.dropped = dropped
        self.logger = logger
        state = Mutex(
            State(
                session: session,
                space: RecordingSpace(bytes: 0, bytesPerSecond: 0, bytesLeft: RecordingSpace.left(at: folder.path))))
    }

    /// What is known of the session now.
    var session: Session { state.withLock { $0.session } }

    /// How much it takes, and what the disk has left.
    var space: RecordingSpace { state.withLock { $0.space } }

    /// Whether nothing more is written.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Ends it soon, from any thread.
    func stop() { isStopping.store(true, ordering: .relaxed) }

    /// Waits until nothing more is written.
    func end() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Records until `stop`, or until it cannot go on. What there is by then is kept.
    func work() {
        logger.info("Recording.", metadata: ["session": "\(session.id)"])
        var video: SessionVideo?
        var streams: SessionStreams?
        var failure: (any Error)?
        do {
            let lines = try SessionStreams(feed, folder: folder.path(of: session.id), origin: origin)
            streams = lines
            try record(&video, lines)
        } catch { failure = error }
        // Each is made as whole as it can be, whatever became of the others.
        do { try streams?.finish() } catch { failure = failure ?? error }
        do { try video?.finish() } catch { failure = failure ?? error }
        note(video, streams, dropped: session.dropped)
        close(because: failure.map { "\($0)" })
    }

    /// Nothing more is written.
    /// - Parameter sentence: Why it ends before it was stopped; nil where it does not.
    func close(because sentence: String? = nil) {
        if let sentence {
            logger.error("The recording has stopped: \(sentence)", metadata: ["session": "\(session.id)"])
            state.withLock { $0.session.reason = sentence }
        }
        state.withLock { $0.session.end = SessionTime.now() }
        do { try folder.write(session) } catch {
            logger.error("The session's description is not up to date: \(error)")
        }
        let done = session
        logger.info(
            "Recorded.",
            metadata: [
                "session": "\(done.id)", "frames": "\(done.frames)", "seconds": "\(done.duration)",
                "dropped": "\(done.dropped)",
            ])
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func record(_ video: inout SessionVideo?, _ lines: SessionStreams) throws {
        var reason = "the picture is too small."
        for source in streams {
            let tap = taps.open(source.stream, dropped: dropped)
            defer { tap.close() }
            guard let failure = try record(source, tap, &video, lines) else { return }
            reason = failure
        }
        throw SessionError.noVideo(reason: reason)
    }

    /// Records a stream. Returns why it has no encoder, or nil when the recording was stopped.
    private func record(
        _ source: RecordedStream, _ tap: PacketTap, _ video: inout SessionVideo?, _ lines: SessionStreams
    ) throws -> String? {
        var rhythm = KeyRhythm(seconds: Self.keySeconds)
        var safeAt = MonotonicClock.microseconds
        let before = session
        while !isStopping.load(ordering: .relaxed) {
            switch tap.next(milliseconds: 100) {
            case .frame(let frame, _):
                if video?.epoch != frame.format.epoch {
                    try video?.finish()
                    note(video, lines, dropped: before.dropped + Int(tap.droppedCount))
                    video = nil
                    video = try SessionVideo(
                        frame.format, source.codec, folder: folder.path(of: before.id),
                        number: session.videos.count + 1, origin: origin)
                }
                try video?.write(frame)
                if rhythm.isKeyDue(at: frame.info.presentationTime, isKey: frame.isKey) { source.stream.requestKey() }
            case .failed: return source.stream.failure ?? "No encoder can be had."
            case .nothing: if video == nil, let failure = source.stream.refusal { return failure }
            }
            try lines.take()
            note(video, lines, dropped: before.dropped + Int(tap.droppedCount))
            let now = MonotonicClock.microseconds
            if now >= safeAt + Self.safeEvery {
                safeAt = now
                try lines.flush()
                try video?.flush()
                try measure()
                try folder.write(session)
            }
        }
        return nil
    }

    /// Tells how much there is, and ends the recording while its files can still be made whole.
    private func measure() throws(SessionError) {
        let left = RecordingSpace.left(at: folder.path)
        state.withLock { $0.space.bytesLeft = left }
        if let left, left < RecordingSpace.reserve { throw .full(path: folder.path, megabytes: left >> 20) }
    }

    private func note(_ video: SessionVideo?, _ lines: SessionStreams?, dropped: Int) {
        state.withLock { state in
            state.session.dropped = dropped
            state.session.streams = lines?.descriptions
            state.session.lostSamples = lines?.lostCount
            defer {
                let bytes = state.session.videos.reduce(lines?.byteCount ?? 0) { $0 + ($1.bytes ?? 0) }
                state.session.bytes = bytes
                let seconds = (Double(MonotonicClock.microseconds) - Double(origin)) * 1e-6
                state.space.bytes = bytes
                state.space.bytesPerSecond = seconds > 0 ? Double(bytes) / seconds : 0
            }
            guard let video = video?.description else { return }
            if state.session.videos.last?.file == video.file {
                state.session.videos[state.session.videos.count - 1] = video
            } else {
                state.session.videos.append(video)
                state.session.size = video.size
                state.session.codec = video.codec
                state.session.encoder = video.encoder
            }
            state.session.frames = state.session.videos.reduce(0) { $0 + $1.frames }
            state.session.duration = state.session.videos.reduce(0) { $0 + $1.duration }
        }
    }
}
