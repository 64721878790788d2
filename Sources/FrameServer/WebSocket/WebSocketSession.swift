import NIOCore

/// What is spoken over one WebSocket. Everything happens on the connection's event loop.
protocol WebSocketSession: AnyObject {
    /// Messages a second that are taken; nil for as many as usual.
    var messagesPerSecond: Int? { get }
    /// The connection stands; the session may send.
    func opened(_ connection: WebSocketConnection)
    /// A whole text message has come.
    func received(text: ByteBuffer)
    /// The socket takes data again.
    func becameWritable()
    /// The connection is being ended for a fault of the peer; a last message may be sent.
    func willClose(_ code: CloseCode, _ reason: String)
    /// The connection is over; nothing can be sent any more. Called once.
    func closed()
}

extension WebSocketSession {
    var messagesPerSecond: Int? { nil }
    func becameWritable() {}
    func willClose(_ code: CloseCode, _ reason: String) {}
}
