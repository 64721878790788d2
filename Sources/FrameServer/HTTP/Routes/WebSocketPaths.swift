import HTTPTypes
import Hummingbird

extension ServerRouter {
    /// The WebSocket paths, for those who ask without an upgrade.
    func addWebSocketPaths() {
        for path in WebSocketEndpoint.paths {
            get(path) { _, _ in
                throw HTTPFailure(
                    .upgradeRequired, "This path speaks WebSocket; connect with ws://.",
                    headers: [.upgrade: "websocket"])
            }
        }
    }
}
