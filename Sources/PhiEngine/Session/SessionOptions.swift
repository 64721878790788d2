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
        for option in text[text.index(after: question)...].split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = parts.count == 2 ? parts[1] : ""
            switch parts[0] {
            case "speed":
                guard let speed = Double(value), (0.05...20).contains(speed) else {
                    throw .refused(.usage, "'\(value)' is no speed of a session; give speed=0.05 to speed=20.")
                }
                self.speed = speed
            case "loop":
                guard let loops = ["0": false, "1": true, "false": false, "true": true][value] else {
                    throw .refused(.usage, "'\(value)' does not say whether a session loops; give loop=0 or loop=1.")
                }
                self.loops = loops
            case "start":
                guard let start = Double(value), (0...1e6).contains(start) else {
                    throw .refused(.usage, "A session cannot start at '\(value)'; give start= with seconds from 0 on.")
                }
                self.start = start
            default:
                throw .refused(
                    .usage, "A session has no option '\(parts[0])'; there are speed, loop and start.")
            }
        }
    }

    /// The folder: as it is written where it is a path, else by its name in `sessions`.
    func path(in sessions: String?) -> String {
        guard !folder.contains("/"), folder != ".", folder != "..", let sessions else { return folder }
        return sessions + "/" + folder
    }
}
