/// What `--engine` asks for.
public enum EngineSpecification: Sendable, Equatable {
    case synthetic
    case audio(path: String)
    /// What a recorded session tells.
    case session(SessionOptions)
    /// What other programs push.
    case push
    /// What a running server shows.
    case soundlab(SoundlabAddress)

    /// The engines there are, as a part of a sentence.
    static let choices = "'synthetic', 'audio:FILE', 'session:FOLDER', 'soundlab:ws://HOST:PORT' or 'push'"

    /// Engines that the command line knows and this version does not have: the part of the text before a colon.
    private static let unavailable: Set<String> = ["mic"]

    /// Reads `synthetic`, `audio:FILE`, `session:FOLDER`, `soundlab:ws://HOST:PORT` or `push`.
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
        case ("push", nil): self = .push
        case ("soundlab", let address): self = .soundlab(try SoundlabAddress(parsing: address ?? ""))
        case ("session", let session): self = .session(try SessionOptions(parsing: session ?? ""))
        default:
            throw Self.unavailable.contains(kind)
                ? EngineError.unavailableEngine(text) : EngineError.unknownEngine(text)
        }
    }

    /// Makes the source. Files are opened here, and their beginning is read.
    ///
    /// - Parameters:
    ///   - seed: Decides the synthetic engine's course; the others have nothing to be left to chance.
    ///   - sessions: The folder that sessions are looked up in by name; nil where only paths are.
    ///   - inbox: Where states are pushed to; nil where nothing runs that could be followed or pushed to.
    /// - Throws: `EngineError` where a file cannot be played.
    public func makeSource(
        seed: UInt64, settings: EngineSettings = EngineSettings(), sessions: String? = nil,
        inbox: StateInbox? = nil
    ) throws -> sending any StateSource {
        switch self {
        case .synthetic: SyntheticSource(seed: seed, settings: settings)
        case .audio(let path): try AudioSource(path: path, settings: settings)
        case .push:
            if let inbox {
                LiveSource(inbox, settings: settings)
            } else {
                throw EngineError.refused(
                    .usage, "States can be pushed to a running server alone; use --engine push with serve.")
            }
        case .soundlab(let address):
            if inbox != nil {
                LiveSource(following: address, settings: settings)
            } else {
                throw EngineError.refused(
                    .usage, "A server can be followed by a running server alone; use --engine soundlab: with serve.")
            }
        case .session(let options): try SessionSource(options, sessions: sessions, settings: settings)
        }
    }
}
