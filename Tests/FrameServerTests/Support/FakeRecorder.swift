import FrameCodec
import FrameServer
import Synchronization

/// Remembers sessions, and writes none.
final class FakeRecorder: RecorderPort {
    struct Fields: Encodable, Sendable {
        var id: String
        var name: String
        var version = "1.2.3"
        var start = "2026-01-01T00:00:00Z"
        var engine = "synthetic"
        var scene = "spectral"
        var size = "64x36"
        var fps = 60.0
        var frames = 90
        var duration = 1.5
        var dropped = 2
        var videos: [String] = []
    }

    private struct State {
        var sessions: [Fields] = []
        var isRecording = false
        var reason: String?
    }

    private let state = Mutex(State())

    /// Nothing can be written any more.
    func breakDown(_ sentence: String) {
        state.withLock { state in
            state.reason = sentence
            state.isRecording = false
        }
    }

    var report: RecorderReport {
        state.withLock { state in
            RecorderReport(
                isRecording: state.isRecording, session: state.sessions.last.map { Self.described($0, state) },
                reason: state.reason)
        }
    }

    func start(name: String?) async throws -> RecordedSession {
        try state.withLock { state in
            if let reason = state.reason { throw RecorderRefusal(isConflict: false, sentence: reason) }
            guard !state.isRecording else {
                throw RecorderRefusal(isConflict: true, sentence: "A session is being recorded.")
            }
            let id = "20260101_00000\(state.sessions.count)"
            state.sessions.append(Fields(id: id, name: name ?? id))
            state.isRecording = true
            return Self.described(state.sessions[state.sessions.count - 1], state)
        }
    }

    func stop() async throws -> RecordedSession {
        try state.withLock { state in
            guard state.isRecording, let last = state.sessions.last else {
                throw RecorderRefusal(isConflict: true, sentence: "Nothing is being recorded.")
            }
            state.isRecording = false
            return Self.described(last, state)
        }
    }

    func sessions() async -> [RecordedSession] {
        state.withLock { state in state.sessions.reversed().map { Self.described($0, state) } }
    }

    func session(_ id: String) async -> RecordedSession? { await sessions().first { $0.id == id } }

    private static func described(_ fields: Fields, _ state: State) -> RecordedSession {
        RecordedSession(
            id: fields.id, isRecording: state.isRecording && fields.id == state.sessions.last?.id, frames: 90,
            duration: 1.5, dropped: 2, fields: fields)
    }
}

struct FakeOutputs: OutputPort {
    let outputs = [
        OutputStatus(target: "srt://a:9000", state: .up, reason: nil, frames: 12, since: 1_700_000_000),
        OutputStatus(
            target: "rtmp://b/live/***", state: .down, reason: "Nobody listens.", frames: 0, since: 1_700_000_001),
    ]
}
