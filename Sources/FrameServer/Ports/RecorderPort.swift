/// Records sessions. The command line connects it.
public protocol RecorderPort: Sendable {
    /// What it does now.
    var report: RecorderReport { get }
    /// Starts a session. Throws `RecorderRefusal`. Writes files.
    /// - Parameter name: Nil for a name by the time.
    func start(name: String?) async throws -> RecordedSession
    /// Ends the session, once its files are whole. Throws `RecorderRefusal`.
    func stop() async throws -> RecordedSession
    /// The sessions that there are, the newest first. Reads files.
    func sessions() async -> [RecordedSession]
    /// One of them; nil where there is none of that name. Reads a file.
    func session(_ id: String) async -> RecordedSession?
}

/// What a recorder does.
public struct RecorderReport: Sendable {
    /// Whether a session is being recorded.
    public var isRecording: Bool
    /// The session that is being recorded, or was last; nil before the first.
    public var session: RecordedSession?
    /// Why nothing is being recorded though somebody wanted it; nil where nothing went wrong.
    public var reason: String?
    /// Bytes that the session has on the disk.
    public var bytes: Int
    /// Bytes a second, over the whole session.
    public var bytesPerSecond: Double
    /// For how long the disk will do at this rate, hours; nil where nothing is being recorded, or it cannot be told yet.
    public var hoursLeft: Double?

    public init(
        isRecording: Bool, session: RecordedSession?, reason: String?, bytes: Int = 0, bytesPerSecond: Double = 0,
        hoursLeft: Double? = nil
    ) {
        self.bytes = bytes
        self.bytesPerSecond = bytesPerSecond
        self.hoursLeft = hoursLeft
        self.isRecording = isRecording
        self.session = session
        self.reason = reason
    }
}

/// Why a recorder does not do what it is asked for.
public struct RecorderRefusal: Error {
    /// Whether it is because of what the recorder is doing; otherwise it cannot.
    public var isConflict: Bool
    /// One sentence.
    public var sentence: String

    public init(isConflict: Bool, sentence: String) {
        self.isConflict = isConflict
        self.sentence = sentence
    }
}

/// A session, as its file tells it.
public struct RecordedSession: Sendable {
    /// The name of its folder.
    public var id: String
    /// Whether it is being recorded now.
    public var isRecording: Bool
    /// Encodes the session's fields as an object.
    public var fields: any Encodable & Sendable
    /// Frames that are recorded.
    public var frames: Int
    /// Seconds that are recorded.
    public var duration: Double
    /// Frames that are missing because the disk was too slow.
    public var dropped: Int

    public init(
        id: String, isRecording: Bool, frames: Int, duration: Double, dropped: Int, fields: any Encodable & Sendable
    ) {
        self.id = id
        self.isRecording = isRecording
        self.frames = frames
        self.duration = duration
        self.dropped = dropped
        self.fields = fields
    }
}
