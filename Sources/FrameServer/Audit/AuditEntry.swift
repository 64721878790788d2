/// Who changed something, or tried to. Says by what right, and never holds a token.
enum AuditActor: String, Encodable, Sendable {
    /// Presented the token for changes.
    case changer = "auth_token"
    /// Presented the token for viewing only.
    case viewer = "view_token"
    /// Presented no token that is known, from this machine.
    case local
    /// Presented no token that is known, from elsewhere.
    case anonymous
}

/// One line of the audit log: a call that changes something, whether it was let through or not.
public struct AuditEntry: Encodable, Sendable {
    /// When it was answered, ISO 8601 in UTC.
    let time: String
    let requestId: String
    /// Of the peer; nil for a Unix socket.
    let address: Nullable<String>
    /// Of HTTP; "WS" for a message over a WebSocket.
    let method: String
    /// Without the query, which may hold a token.
    let path: String
    /// Of HTTP. For a message over a WebSocket: 202 where it was taken, 403 where its sender may not.
    let status: Int
    let actor: AuditActor
    /// The type of a message over a WebSocket.
    let action: String?
    /// Messages of that type that this line stands for, where there is more than one.
    let count: Int?

    init(
        time: String = AuditClock.now(), requestID: RequestID, address: String?, method: String, path: String,
        status: Int, actor: AuditActor, action: String? = nil, count: Int = 1
    ) {
        self.time = time
        requestId = requestID.description
        self.address = Nullable(address)
        self.method = method
        self.path = String(path.prefix { $0 != "?" }.prefix(512))
        self.status = status
        self.actor = actor
        self.action = action
        self.count = count > 1 ? count : nil
    }
}
