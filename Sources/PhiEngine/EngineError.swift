/// Why an engine cannot start or go on. Each description is one plain sentence: what is wrong, and what to do.
public enum EngineError: Error, Equatable, CustomStringConvertible {
    /// `--engine` names nothing that is known.
    case unknownEngine(String)
    /// `audio:` without a file.
    case missingFileName
    case fileNotFound(path: String)
    case fileIsDirectory(path: String)
    /// A device, a pipe or a socket.
    case fileNotRegular(path: String)
    case fileEmpty(path: String)
    /// The file exists and cannot be read or decoded for `reason`.
    case fileUnreadable(path: String, reason: String)
    /// Nothing in the file is sound that can be decoded.
    case fileNotAudio(path: String)
    /// The sound is shorter than one analysed buffer.
    case fileTooShort(path: String, samples: Int)
    /// A library refused what it should always grant.
    case analysisFailed(reason: String)
    /// An engine loop was run a second time.
    case alreadyRan
    /// Something that one engine alone can refuse, in a sentence.
    case refused(Kind, String)

    /// What sort of mistake it is, for the choice of an exit code.
    public enum Kind: Sendable { case usage, badInput, unreadableInput, `internal` }

    public var kind: Kind {
        switch self {
        case .unknownEngine, .missingFileName: .usage
        case .fileEmpty, .fileNotAudio, .fileTooShort, .fileIsDirectory, .fileNotRegular: .badInput
        case .fileNotFound, .fileUnreadable: .unreadableInput
        case .analysisFailed, .alreadyRan: .internal
        case .refused(let kind, _): kind
        }
    }

    public var description: String {
        switch self {
        case .unknownEngine(let text):
            "There is no engine '\(text)'; choose \(EngineSpecification.choices)."
        case .missingFileName:
            "The engine 'audio:' needs a file; write its path after the colon, as in 'audio:music.ogg'."
        case .fileNotFound(let path):
            "The audio file '\(path)' does not exist; check the path after 'audio:'."
        case .fileIsDirectory(let path):
            "'\(path)' is a directory, not an audio file; name a file in it after 'audio:'."
        case .fileNotRegular(let path):
            "'\(path)' is not a regular file; name an audio file after 'audio:'."
        case .fileEmpty(let path):
            "The audio file '\(path)' is empty; name another file after 'audio:'."
        case .fileUnreadable(let path, let reason):
            "The audio file '\(path)' cannot be read (\(reason)); check its permissions and that it is whole."
        case .fileNotAudio(let path):
            "The file '\(path)' holds no sound that can be decoded; name a WAV, Ogg, MP3 or FLAC file after 'audio:'."
        case .fileTooShort(let path, let samples):
            "The audio file '\(path)' is too short (\(samples) samples at 48 kHz); "
                + "name one of \(AudioSource.hop) samples or more."
        case .analysisFailed(let reason):
            "The sound analysis could not be set up (\(reason)); check that the FFmpeg libraries are installed whole."
        case .refused(_, let sentence): sentence
        case .alreadyRan:
            "The engine loop was started twice; make a new loop for a new run."
        }
    }
}
