import Dispatch
import FrameServer
import SessionStore

/// Lets the server record.
struct RecorderAdapter: RecorderPort {
    let recorder: Recorder

    var report: RecorderReport {
        let space = recorder.space
        return RecorderReport(
            isRecording: recorder.isRecording, session: recorder.session.map(described), reason: recorder.failure,
            bytes: space?.bytes ?? 0, bytesPerSecond: space?.bytesPerSecond ?? 0,
            hoursLeft: recorder.isRecording ? space?.hoursLeft : nil)
    }

    func start(name: String?) async throws -> RecordedSession {
        let result: Result<Session, SessionError> = await offLoop {
            do throws(SessionError) { return .success(try recorder.start(name: name)) } catch { return .failure(error) }
        }
        return described(try result.mapError(refusal).get())
    }

    func stop() async throws -> RecordedSession {
        do { return described(try await recorder.stop()) } catch { throw refusal(error) }
    }

    func sessions() async -> [RecordedSession] { await offLoop { recorder.folder.sessions().map(described) } }

    func session(_ id: String) async -> RecordedSession? {
        await offLoop { recorder.folder.session(id).map(described) }
    }

    /// The file of the session that is being recorded is a little older than what is known of it here.
    private func described(_ stored: Session) -> RecordedSession {
        let isNewest = recorder.session?.id == stored.id
        let session = isNewest ? recorder.session ?? stored : stored
        return RecordedSession(
            id: session.id, isRecording: isNewest && recorder.isRecording, frames: session.frames,
            duration: session.duration, dropped: session.dropped, fields: session)
    }

    private func refusal(_ error: SessionError) -> RecorderRefusal {
        RecorderRefusal(isConflict: error.isConflict, sentence: error.description)
    }

    /// Runs what uses files on a thread that may wait.
    private func offLoop<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}
