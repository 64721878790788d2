/// Why there is no backup, or none can be restored. Each description is one plain sentence.
public enum BackupError: Error, Equatable, CustomStringConvertible {
    /// A file changed while it was read.
    case changed(String)
    case unreadable(String, String)
    case unwritable(String, String)
    /// The archive is no backup, or not the one that was made: where, and what is wrong.
    case invalid(String, String)
    /// Somebody works with the data directory.
    case inUse(String)

    /// Whether the archive is at fault, not the disk.
    public var isBadInput: Bool { if case .invalid = self { true } else { false } }

    public var description: String {
        switch self {
        case .changed(let path): "\(path) became shorter while it was read; make the backup again."
        case .unreadable(let path, let why): "\(path) cannot be read: \(why)."
        case .unwritable(let path, let why): "\(path) cannot be written: \(why)."
        case .invalid(let path, let why): "The backup \(path) cannot be used: \(why)."
        case .inUse(let path): "A server works with the data directory \(path); stop it, and restore again."
        }
    }
}
