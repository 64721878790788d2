public import FrameCodec
import Glibc
import Handoff
public import Logging
public import ServiceLifecycle
import Synchronization

/// Records sessions, one at a time.
public final class Recorder: Service {
    /// Where sessions are kept.
    public let folder: SessionFolder
    private let taps: PacketTaps
    private let streams: [RecordedStream]
    private let feed: SessionFeed
    private let subject: @Sendable () -> SessionSubject
    private let dropped: @Sendable (Int) -> Void
    private let startsAtOnce: Bool
    private let logger: Logger
    /// Held while one session starts, which waits for the disk.
    private let starting = Mutex(())
    private let newest = Mutex<(recording: SessionRecording?, failure: String?)>((nil, nil))
    private let recordings: AsyncStream<SessionRecording>
    private let recording: AsyncStream<SessionRecording>.Continuation

    /// - Parameters:
    ///   - streams: What can be recorded, in the order of preference.
    ///   - feed: What is recorded beside the pictures.
    ///   - startsAtOnce: Whether a session begins with the program.
    ///   - subject: Asked for what the picture is of, when a session starts.
    ///   - dropped: Told of frames that are missing because the disk was too slow.
    public init(
        folder: SessionFolder, taps: PacketTaps, streams: [RecordedStream], feed: SessionFeed,
        startsAtOnce: Bool = false,
        subject: @escaping @Sendable () -> SessionSubject, dropped: @escaping @Sendable (Int) -> Void, logger: Logger
    ) {
        self.folder = folder
        self.taps = taps
        self.streams = streams
        self.feed = feed
        self.startsAtOnce = startsAtOnce
        self.subject = subject
        self.dropped = dropped
        self.logger = logger
        (recordings, recording) = AsyncStream<SessionRecording>.makeStream()
    }

    /// The session that is being recorded, or was last; nil before the first.
    public var session: Session? { newest.withLock { $0.recording }?.session }

    /// Whether a session is being recorded.
    public var isRecording: Bool { newest.withLock { $0.recording }.map { !$0.isOver } ?? false }

    /// How much the session takes, and what the disk has left; nil before the first.
    public var space: RecordingSpace? { newest.withLock { $0.recording }?.space }

    /// Why nothing is being recorded though somebody wanted it; nil where nothing went wrong.
    public var failure: String? {
        newest.withLock { $0.failure ?? $0.recording?.session.reason }
    }

    /// Starts a session. Waits for the disk, and lets nobody wait who asks for what is recorded.
    /// - Parameter name: Nil for the name of its folder.
    @discardableResult
    public func start(name: String? = nil) throws(SessionError) -> Session {
        let result = starting.withLock { _ -> Result<Session, SessionError> in
            if isRecording, let session { return .failure(.running(id: session.id)) }
            do throws(SessionError) {
                let new = try make(name)
                newest.withLock { $0 = (new, nil) }
                guard case .enqueued = recording.yield(new) else {
                    new.close(because: SessionError.ended.description)
                    throw .ended
                }
                return .success(new.session)
            } catch {
                newest.withLock { $0.failure = error.description }
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Ends the session that is being recorded, and waits until its files are whole.
    @discardableResult
    public func stop() async throws(SessionError) -> Session {
        guard let running = newest.withLock({ $0.recording }), !running.isOver else { throw .idle }
        running.stop()
        await running.end()
        return running.session
    }

    /// Records what is started, until graceful shutdown or cancellation; ends the session that is being recorded then.
    public func run() async throws {
        if startsAtOnce {
            do { try start() } catch { logger.error("Nothing is recorded: \(error)") }
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { threads in
                for await recording in self.recordings {
                    threads.addTask {
                        do {
                            try await DedicatedThread.run(name: "phi-record", stop: { recording.stop() }) {
                                recording.work()
                            }
                        } catch {
                            // There was no thread, so nothing has been done.
                            recording.close(because: "\(error)")
                        }
                    }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.recording.finish()
            self.newest.withLock { $0.recording }?.stop()
        }
    }

    private func make(_ name: String?) throws(SessionError) -> SessionRecording {
        guard let first = streams.first?.stream else {
            throw .noVideo(reason: "The picture is too small; draw at least 16x16 pixels.")
        }
        if let left = RecordingSpace.left(at: folder.path), left < RecordingSpace.reserve {
            throw .full(path: folder.path, megabytes: left >> 20)
        }
        let id = try folder.create(at: time(nil))
        let origin = MonotonicClock.microseconds
        let session = Session(
            id: id, name: name ?? id, start: SessionTime.now(), subject: subject(),
            size: "\(first.width)x\(first.height)", fps: first.framesPerSecond)
        do throws(SessionError) { try folder.write(session) } catch {
            // A folder that nothing was written to is none that anybody wants to see.
            rmdir(folder.path(of: id))
            throw error
        }
        return SessionRecording(
            session, folder: folder, taps: taps, streams: streams, feed: feed, origin: origin, dropped: dropped,
            logger: logger)
    }
}
