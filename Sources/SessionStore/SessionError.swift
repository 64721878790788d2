import Glibc

/// Why something could not be recorded. Each description is one plain sentence.
public enum SessionError: Error, Equatable, CustomStringConvertible {
    /// A file or folder cannot be written.
    case unwritable(path: String, reason: String)
    /// A session is there and cannot be read.
    case unreadable(path: String, reason: String)
    /// The disk has next to nothing left.
    case full(path: String, megabytes: Int)
    /// There is a recording already.
    case running(id: String)
    /// There is none to be stopped.
    case idle
    /// No video can be had.
    case noVideo(reason: String)
    /// The program is shutting down.
    case ended

    /// Whether it is because of what a recorder is doing; otherwise it cannot be done.
    public var isConflict: Bool {
        switch self {
        case .running, .idle, .ended: true
        case .unwritable, .unreadable, .noVideo, .full: false
        }
    }

    public var description: String {
        switch self {
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        case .unreadable(let path, let reason):
            "The session \(path) is damaged: \(reason); restore it from a backup, or remove it with "
                + "'phi-matrix sessions delete'."
        case .full(let path, let megabytes):
            "The disk of \(path) has \(megabytes) MB left, which are kept free; free some space, "
                + "or give another data directory."
        case .running(let id): "The session \(id) is being recorded; stop it first."
        case .idle: "Nothing is being recorded."
        case .noVideo(let reason): "There is no video to be recorded: \(reason)"
        case .ended: "The server is shutting down."
        }
    }

    /// What an errno means.
    static func unwritable(_ path: String, _ code: Int32) -> SessionError {
        let reason =
            switch code {
            case ENOSPC, EDQUOT: "no space is left; free some, or give another data directory"
            case EACCES, EPERM: "permission denied; mend it, or give another data directory"
            case EROFS: "the file system is read-only; give another data directory"
            default: String(cString: strerror(code)).lowercased()
            }
        return .unwritable(path: path, reason: reason)
    }
}
