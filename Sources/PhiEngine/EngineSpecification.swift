/// What `--engine` asks for.
public enum EngineSpecification: Sendable, Equatable {
    case synthetic
    case audio(path: String)

    /// The engines there are, as a part of a sentence.
    static let choices = "'synthetic' or 'audio:FILE'"

    /// Engines that the command line knows and this version does not have: the part of the text before a colon.
    private static let unavailable: Set<String> = ["mic", "soundlab", "session", "push"]

    /// Reads `synthetic` or `audio:FILE`.
    ///
    /// - Throws: `EngineError` for anything else.
    public init(parsing text: String) throws {
        let colon = text.firstIndex(of: ":")
        let kind = String(text[..<(colon ?? text.endIndex)])
        let rest = colon.map { String(text[text.index(after: $0)...]) }
        switch (kind, rest) {
        case ("synthetic", nil):
            self = .synthetic
        case ("audio", let path):
            guard let path, !path.isEmpty else { throw EngineError.missingFileName }
            self = .audio(path: path)
        default:
            throw Self.unavailable.contains(kind)
                ? EngineError.unavailableEngine(text) : EngineError.unknownEngine(text)
        }
    }

    /// Makes the source. An audio file is opened, and its beginning decoded, here.
    ///
    /// - Parameter seed: Decides the synthetic engine's course; the audio engine has nothing to be left to chance.
    /// - Throws: `EngineError` where the file cannot be played.
    public func makeSource(seed: UInt64, settings: EngineSettings = EngineSettings()) throws -> sending any StateSource
    {
        switch self {
        case .synthetic: SyntheticSource(seed: seed, settings: settings)
        case .audio(let path): try AudioSource(path: path, settings: settings)
        }
    }
}
