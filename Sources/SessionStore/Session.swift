import FoundationEssentials

/// What is known of a session: its `session.json`.
public struct Session: Sendable, Equatable, Codable {
    /// What a file was when it was made safe the last time: by it, damage is found later.
    public struct Digest: Sendable, Equatable, Codable {
        /// From the file's beginning.
        public var bytes: Int
        /// Of those bytes, hexadecimal.
        public var sha256: String
    }

    /// A video of the session. A new one begins where the encoder, and with it the format, changed.
    public struct Video: Sendable, Equatable, Codable {
        /// The name in the session's folder.
        public var file: String
        /// "h264" or "vp9".
        public var codec: String
        /// The encoder's name, such as "libx264".
        public var encoder: String
        /// Pixels, WIDTHxHEIGHT.
        public var size: String
        /// Frames a second, at most.
        public var fps: Double
        /// Frames that are in it.
        public var frames: Int
        /// Seconds.
        public var duration: Double
        /// When its first frame was drawn: seconds since the session began, on the clock of the other files' `t`.
        public var start: Double?
        /// Of the file; nil until it was made safe for the first time.
        public var bytes: Int?
        /// Nil until it was made safe for the first time, and in sessions that did not note it.
        public var digest: Digest?
    }

    /// A file of lines, each of which begins with `t`, the seconds since the session began.
    public struct Stream: Sendable, Equatable, Codable {
        /// The name in the session's folder.
        public var file: String
        /// Lines that are in it.
        public var lines: Int
        /// Of the file.
        public var bytes: Int
        /// Nil until it was made safe for the first time, and in sessions that did not note it.
        public var digest: Digest?
    }

    /// The name of its folder.
    public var id: String
    /// What whoever started it calls it.
    public var name: String
    /// The program's.
    public var version: String
    /// ISO 8601.
    public var start: String
    /// ISO 8601; nil while it is recorded, and where the program ended without ending it.
    public var end: String?
    /// As given to `--engine`.
    public var engine: String
    /// What was shown at the start.
    public var scene: String
    /// The preset at the start; nil where none was loaded.
    public var preset: String?
    /// Pixels, WIDTHxHEIGHT.
    public var size: String
    /// Frames a second.
    public var fps: Double
    /// Of the newest video; nil before the first frame.
    public var codec: String?
    /// Of the newest video; nil before the first frame.
    public var encoder: String?
    /// Frames in all videos.
    public var frames = 0
    /// Seconds of all videos.
    public var duration = 0.0
    /// Frames that are missing because the disk, the server or its viewers were too slow.
    public var dropped = 0
    /// Samples of the engine that are missing because the disk was too slow; nil in sessions without such files.
    public var lostSamples: Int?
    /// Of all its files but this one; nil in sessions that did not note it.
    public var bytes: Int?
    /// Why it ended before it was stopped; nil where it did not.
    public var reason: String?
    /// Its videos, in order.
    public var videos: [Video] = []
    /// What the engine did and what was wanted of it; nil in sessions without such files.
    public var streams: [Stream]?

    /// The file's content.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    init(json: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Session.self, from: json)
        // A session may come from elsewhere: what it names has to be in its own folder.
        for file in videos.map(\.file) + (streams ?? []).map(\.file)
        where file.contains("/") || ["", ".."].contains(file) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "'\(file)' is no file of a session"))
        }
    }

    init(id: String, name: String, start: String, subject: SessionSubject, size: String, fps: Double) {
        self.id = id
        self.name = name
        version = subject.version
        self.start = start
        engine = subject.engine
        scene = subject.scene
        preset = subject.preset
        self.size = size
        self.fps = fps
    }
}

/// What a session is of, as the program knows it when the session starts.
public struct SessionSubject: Sendable {
    /// The program's version.
    public var version: String
    /// As given to `--engine`.
    public var engine: String
    /// The scene that is shown.
    public var scene: String
    /// The preset that is loaded, if one is.
    public var preset: String?

    public init(version: String, engine: String, scene: String, preset: String?) {
        self.version = version
        self.engine = engine
        self.scene = scene
        self.preset = preset
    }
}
