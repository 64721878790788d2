/// Why an archive cannot be written or read. Each description is one plain sentence.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
    /// The archive cannot be written: where, and why.
    case unwritable(String, String)
    /// The file cannot be read: where, and why.
    case unreadable(String, String)
    /// It is no archive, or a damaged one: where, and what is wrong.
    case damaged(String, String)
    /// It holds what is never taken: where, which entry, and why.
    case refused(String, String, String)

    public var description: String {
        switch self {
        case .unwritable(let path, let why): "The archive \(path) cannot be written: \(why)."
        case .unreadable(let path, let why): "The archive \(path) cannot be read: \(why)."
        case .damaged(let path, let why): "The archive \(path) is damaged: \(why); take another."
        case .refused(let path, let entry, let why):
            "The archive \(path) is refused, and nothing of it was taken: '\(entry)' \(why)."
        }
    }
}
