/// What `audio:` asks for: a file, and how it is played.
public struct AudioOptions: Sendable, Equatable {
    public var path: String
    /// Speed 0.25 to 4, which moves the pitch as it does on a turntable.
    public var playback = PlaybackOptions()

    static let speeds = 0.25...4.0

    public init(path: String) { self.path = path }

    /// Reads `FILE` or `FILE?start=30&speed=0.5&loop=0`. A question mark that no option follows belongs to the file's name.
    ///
    /// - Throws: `EngineError`.
    public init(parsing text: String) throws(EngineError) {
        path = text
        guard let question = text.lastIndex(of: "?"), text[question...].contains("=") else { return }
        path = String(text[..<question])
        guard !path.isEmpty else { throw .missingFileName }
        playback = try PlaybackOptions(
            parsing: text[text.index(after: question)...], of: "An audio file", speeds: Self.speeds)
    }
}
