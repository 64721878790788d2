import NIOHTTP1

/// What can be spoken over WebSocket, by path.
enum WebSocketEndpoint: Sendable, Equatable {
    case frames(StreamRequest)
    case metrics

    /// The paths, for those who ask for another.
    static let paths = ["/ws/frames", "/ws/metrics"]

    /// - Parameter mayView: Whether the request had a token that lets its sender look, if one is needed.
    init?(path: String, query: [String: String], subprotocols: [String], mayView: Bool) {
        switch path {
        case "/ws/frames": self = .frames(StreamRequest(query: query, subprotocols: subprotocols, mayView: mayView))
        case "/ws/metrics": self = .metrics
        default: return nil
        }
    }

    /// Whether a client may present its token after the upgrade.
    var takesTokenLater: Bool {
        switch self {
        case .frames: true
        case .metrics: false
        }
    }

    /// The subprotocol to confirm, if one was offered that is spoken here.
    func subprotocol(of offered: [String]) -> String? {
        switch self {
        case .frames: offered.first { $0 == StreamRequest.subprotocol }
        case .metrics: nil
        }
    }
}
