import HTTPTypes
import Synchronization

/// The routes as they are registered, so that a known path with a wrong method can be told from an unknown path.
final class RouteIndex: Sendable {
    private let known = Mutex<[String: [String]]>([:])

    /// The methods that a path takes; none where there is no such path.
    func methods(of path: String) -> [String] { known.withLock { $0[path] ?? [] } }

    func add(_ method: HTTPRequest.Method, _ path: String) {
        known.withLock { known in
            known[path, default: []].append(method.rawValue)
            if method == .get { known[path, default: []].append("HEAD") }
        }
    }
}
