/// What `session:` asks for: a folder, and how it is played.
public struct SessionOptions: Sendable, Equatable {
    /// The session's folder, or its name in the folder of sessions.
    public var folder: String
    /// How fast, 0.05 to 20; 1 is as it was recorded.
    public var speed = 1.0
    /// Whether it begins anew at its end.
    public var loops = true
    /// Where it begins, s.
    public var start = 0.0

    public init(folder: String) { self.folder = folder }

    /// Reads `FOLDER` or `FOLDER?speed=2&loop=0&start=10`.
    ///
    /// - Throws: `EngineError`.
    public init(parsing text: String) throws(EngineError) {
        let question = text.lastIndex(of: "?")
        folder = String(text[..<(question ?? text.endIndex)])
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        guard !folder.isEmpty else {
            throw .refused(
                .usage,
                "The engine 'session:' needs a session; write its folder or name after the colon; "
                    + "'phi-matrix sessions list' has the names.")
        }
        guard let question else { return }
        let playback = try PlaybackOptions(
            parsing: text[text.index(after: question)...], of: "A session", speeds: Self.speeds)
        (speed, loops, start) = (playback.speed, playback.loops, playback.start)
    }

    private static let speeds = 0.05...20.0

    /// The folder: as it is written where it is a path, else by its name in `sessions`.
    func path(in sessions: String?) -> String {
        guard !folder.contains("/"), folder != ".", folder != "..", let sessions else { return folder }
        return sessions + "/" + folder
    }

    /// Where the session of a folder is once it was archived.
    static func archived(_ folder: String) -> String {
        let end = folder.lastIndex(of: "/").map { folder.index(after: $0) } ?? folder.startIndex
        return folder[..<end] + "archive/" + folder[end...] + ".tar.gz"
    }
}
