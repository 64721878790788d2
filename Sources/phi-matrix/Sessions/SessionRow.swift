import SessionStore

/// A session in a list for other programs: its description, and where it is.
struct SessionRow: Encodable {
    let session: Session
    let isArchived: Bool

    private enum Key: String, CodingKey { case archived }

    func encode(to encoder: any Encoder) throws {
        try session.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(isArchived, forKey: .archived)
    }
}

/// One whose description cannot be read.
struct DamagedSessionRow: Encodable {
    let id: String
    let archived: Bool
    /// Why.
    let damage: String
}

/// One or the other.
enum SessionListRow: Encodable {
    case session(SessionRow)
    case damaged(DamagedSessionRow)

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .session(let row): try row.encode(to: encoder)
        case .damaged(let row): try row.encode(to: encoder)
        }
    }
}
