import NIOHTTP1

/// What can be spoken over WebSocket, by path.
enum WebSocketEndpoint: Sendable, Equatable {
    case frames(StreamRequest)
    case metrics
    /// Takes states in, which changes what everybody sees.
    case state
    /// With whether the client may change something.
    case dashboard(AccessTokens.Change)
    /// With whether the client may change something.
    case interface(AccessTokens.Change)

    static let statePath = "/ws/state"

    /// The paths, for those who ask for another.
    static let paths = ["/ws/frames", "/ws/metrics", statePath, "/ws/dashboard", "/ws/ui"]

    /// - Parameters:
    ///   - mayView: Whether the request had a token that lets its sender look, if one is needed.
    ///   - permission: Whether it had one that lets its sender change something.
    init?(
        path: String, query: [String: String], subprotocols: [String], mayView: Bool,
        permission: AccessTokens.Change
    ) {
        switch path {
        case "/ws/frames": self = .frames(StreamRequest(query: query, subprotocols: subprotocols, mayView: mayView))
        case "/ws/metrics": self = .metrics
        case Self.statePath: self = .state
        case "/ws/dashboard": self = .dashboard(permission)
        case "/ws/ui": self = .interface(permission)
        default: return nil
        }
    }

    /// Whether a client may present its token after the upgrade.
    var takesTokenLater: Bool {
        switch self {
        case .frames: true
        case .metrics, .state, .dashboard, .interface: false
        }
    }

    /// Whether its clients change something, and need the token for that.
    var isForChanges: Bool { self == .state }

    /// The subprotocol to confirm, if one was offered that is spoken here.
    func subprotocol(of offered: [String]) -> String? {
        switch self {
        case .frames: offered.first { $0 == StreamRequest.subprotocol }
        case .metrics, .state, .dashboard, .interface: nil
        }
    }
}
