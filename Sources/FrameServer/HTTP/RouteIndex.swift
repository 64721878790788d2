import HTTPTypes
import Synchronization

/// The routes as they are registered, so that a known path with a wrong method can be told from an unknown path.
final class RouteIndex: Sendable {
    private let known = Mutex<[String: [String]]>([:])

    /// The methods of every path, as it was registered.
    var all: [String: [String]] { known.withLock { $0 } }

    /// The methods that a path takes; none where there is no such path.
    func methods(of path: String) -> [String] {
        known.withLock { known in
            (known[path] ?? []) + (known.first { Self.matches(path, $0.key) }?.value ?? [])
        }
    }

    /// Whether a path is one of a pattern such as "/api/presets/:id".
    private static func matches(_ path: String, _ pattern: String) -> Bool {
        guard pattern.contains(":") else { return false }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == wanted.count
            && zip(parts, wanted).allSatisfy { part, wish in wish.hasPrefix(":") ? !part.isEmpty : part == wish }
    }

    func add(_ method: HTTPRequest.Method, _ path: String) {
        known.withLock { known in
            known[path, default: []].append(method.rawValue)
            if method == .get { known[path, default: []].append("HEAD") }
        }
    }
}
