import NIOHTTP1

/// What can be spoken over WebSocket, by path.
enum WebSocketEndpoint: Sendable, Equatable {
    case frames(StreamRequest)
    case metrics

    /// The paths, for those who ask for another.
    static let paths = ["/ws/frames", "/ws/metrics"]

    init?(path: String, query: [String: String], subprotocols: [String]) {
        switch path {
        case "/ws/frames": self = .frames(StreamRequest(query: query, subprotocols: subprotocols))
        case "/ws/metrics": self = .metrics
        default: return nil
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
