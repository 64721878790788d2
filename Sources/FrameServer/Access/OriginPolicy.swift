import Synchronization

/// Whether a page may talk to this server: its origin must be the server's own, as the client addressed it, or be listed. The
/// list can be changed while the server runs.
final class OriginPolicy: Sendable {
    private let allowed: Mutex<Set<String>>

    init(allowed: [String]) { self.allowed = Mutex(Self.normalized(allowed)) }

    /// Lets pages of these origins in from here on.
    func update(allowed: [String]) { self.allowed.withLock { $0 = Self.normalized(allowed) } }

    private static func normalized(_ origins: [String]) -> Set<String> {
        Set(origins.map { normalized($0) ?? $0.lowercased() })
    }

    /// - Parameters:
    ///   - origins: The values of the Origin header. A client that is no browser sends none, and is let in.
    ///   - hosts: The values of the Host header.
    func allows(origins: [String], hosts: [String]) -> Bool {
        guard let origin = origins.first else { return true }
        guard origins.count == 1, let normal = Self.normalized(origin) else { return false }
        if allowed.withLock({ $0.contains(normal) }) { return true }
        guard hosts.count == 1, let scheme = normal.split(separator: ":").first else { return false }
        return Self.normalized("\(scheme)://\(hosts[0])") == normal
    }

    /// Lower case, without the port that the scheme implies; nil where it is no http(s) origin.
    private static func normalized(_ origin: String) -> String? {
        let origin = origin.lowercased()
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")] where origin.hasPrefix(scheme) {
            let authority = origin.dropFirst(scheme.count)
            guard !authority.isEmpty, !authority.contains(where: { "/?#@ ".contains($0) }) else { return nil }
            return scheme + (authority.hasSuffix(port) ? authority.dropLast(port.count) : authority)
        }
        return nil
    }
}
