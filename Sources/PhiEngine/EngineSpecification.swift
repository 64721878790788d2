/// What `--engine` asks for.
public enum EngineSpecification: Sendable, Equatable {
    case synthetic
    case audio(AudioOptions)
    /// What a microphone, or another input of sound, hears; nil for the usual one.
    case microphone(device: String?)
    /// What a recorded session tells.
    case session(SessionOptions)
    /// What other programs push.
    case push
    /// What a running server shows.
    case soundlab(SoundlabAddress)

    /// The engines there are, as a part of a sentence.
    static let choices = "'synthetic', 'audio:FILE', 'mic', 'session:FOLDER', 'soundlab:ws://HOST:PORT' or 'push'"

    /// Reads `synthetic`, `audio:FILE`, `mic`, `mic:DEVICE`, `session:FOLDER`, `soundlab:ws://HOST:PORT` or `push`.
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
            self = .audio(try AudioOptions(parsing: path))
        case ("mic", let device): self = .microphone(device: device.flatMap { $0.isEmpty ? nil : $0 })
        case ("push", nil): self = .push
        case ("soundlab", let address): self = .soundlab(try SoundlabAddress(parsing: address ?? ""))
        case ("session", let session): self = .session(try SessionOptions(parsing: session ?? ""))
        default: throw EngineError.unknownEngine(text)
        }
    }

    /// Makes the source. Files are opened here, and their beginning is read.
    ///
    /// - Parameters:
    ///   - seed: Decides the synthetic engine's course; the others have nothing to be left to chance.
    ///   - sessions: The folder that sessions are looked up in by name; nil where only paths are.
    ///   - inbox: Where states are pushed to; nil where nothing runs that could be followed or pushed to.
    ///   - microphone: Opens an input of sound by its name, nil for the usual one; nil where nothing runs that could listen.
    /// - Throws: `EngineError` where a file cannot be played.
    public func makeSource(
        seed: UInt64, settings: EngineSettings = EngineSettings(), sessions: String? = nil,
        inbox: StateInbox? = nil, microphone: ((String?) throws -> any SoundInput)? = nil
    ) throws -> sending any StateSource {
        switch self {
        case .synthetic: SyntheticSource(seed: seed, settings: settings)
        case .audio(let options): try AudioSource(options, settings: settings)
        case .microphone(let device):
            if let microphone {
                try MicrophoneSource(try microphone(device), settings: settings)
            } else {
                throw EngineError.refused(
                    .usage, "A microphone is listened to by a running server alone; use --engine mic with serve.")
            }
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
