import Hummingbird
import HTTPTypes

extension ServerRouter {
    /// `/api/recorder/…`, and the same as `/api/record/…`.
    func addRecorder(_ environment: RouteEnvironment) {
        let recorder = environment.ports.recorder
        for base in ["/api/recorder", "/api/record"] {
            post("\(base)/start") { request, _ in
                let name = try await Self.name(request)
                return try .json(RecorderAnswer(try await Self.inOrder { try await recorder.start(name: name) }))
            }
            post("\(base)/stop") { _, _ in
                try .json(RecorderAnswer(try await Self.inOrder { try await recorder.stop() }))
            }
            get("\(base)/status") { _, _ in try .json(RecorderStatus(recorder.report)) }
            get("\(base)/sessions") { _, _ in
                try .json(SessionList(sessions: await recorder.sessions().map(SessionDocument.init)))
            }
            get("\(base)/sessions/:id") { _, context in
                guard let session = await recorder.session(context.parameters.get("id") ?? "") else {
                    throw HTTPFailure(.notFound, "There is no session of that name; \(base)/sessions lists them.")
                }
                return try .json(SessionDocument(session))
            }
        }
    }

    /// The name that a session is asked for with; a body is not needed.
    private static func name(_ request: Request) async throws -> String? {
        let body = try await request.body.collect(upTo: Request.longestBody)
        guard body.readableBytes > 0 else { return nil }
        guard let wanted = try? WireJSON.decode(StartRequest.self, from: body) else {
            throw HTTPFailure(.badRequest, #"The body must be JSON such as {"name": "Rehearsal"}, or empty."#)
        }
        guard let name = wanted.name, !name.isEmpty else { return nil }
        guard name.count <= 200 else { throw HTTPFailure(.badRequest, "A name has at most 200 characters.") }
        return name
    }

    private static func inOrder<R>(_ body: () async throws -> R) async throws -> R {
        do { return try await body() } catch let refusal as RecorderRefusal {
            throw HTTPFailure(refusal.isConflict ? .conflict : .insufficientStorage, refusal.sentence)
        }
    }
}

extension HTTPResponse.Status {
    /// The server cannot store what it would have to (RFC 4918).
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}

private struct StartRequest: Decodable {
    let name: String?
}

private struct RecorderAnswer: Encodable {
    let ok = true
    let isRecording: Bool
    let session: SessionDocument
    let sessionId: String

    init(_ session: RecordedSession) {
        isRecording = session.isRecording
        sessionId = session.id
        self.session = SessionDocument(session)
    }
}

private struct RecorderStatus: Encodable {
    let ok = true
    let isRecording: Bool
    let session: Nullable<String>
    let frames: Int
    let duration: Double
    let dropped: Int
    let bytes: Int
    let bytesPerSecond: Double
    let hoursLeft: Nullable<Double>
    let reason: Nullable<String>

    init(_ report: RecorderReport) {
        isRecording = report.isRecording
        session = Nullable(report.session?.id)
        frames = report.session?.frames ?? 0
        duration = report.session?.duration ?? 0
        dropped = report.session?.dropped ?? 0
        bytes = report.bytes
        bytesPerSecond = report.bytesPerSecond
        hoursLeft = Nullable(report.hoursLeft)
        reason = Nullable(report.reason)
    }
}

private struct SessionList: Encodable {
    let ok = true
    let sessions: [SessionDocument]
    let count: Int

    init(sessions: [SessionDocument]) {
        self.sessions = sessions
        count = sessions.count
    }
}

/// The session as its file has it, and whether it is being recorded.
private struct SessionDocument: Encodable {
    private let session: RecordedSession

    private enum Key: String, CodingKey { case isRecording }

    init(_ session: RecordedSession) { self.session = session }

    func encode(to encoder: any Encoder) throws {
        try session.fields.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(session.isRecording, forKey: .isRecording)
    }
}
