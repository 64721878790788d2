import HTTPTypes
import NIOCore
import NIOHTTP1

/// How a request names this server, and whether it tells of a proxy.
///
/// A page of a foreign name that was made to resolve to this machine (DNS rebinding) sends that name as Host, and a proxy that
/// other machines reach says for whom it asks: neither is somebody at this machine, although both come from it.
struct Addressing: Sendable {
    /// What proxies add.
    private static let forwarding = ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"]

    /// Whether nothing in the request says that its sender is not at this machine. A client that sends no Host is no browser.
    let isLocal: Bool

    /// - Parameters:
    ///   - hosts: The values of the Host header.
    ///   - isForwarded: Whether a header that proxies add is there.
    init(hosts: [String], isForwarded: Bool) {
        isLocal = !isForwarded && hosts.allSatisfy { Self.isLoopback(Self.name($0)) }
    }

    init(_ headers: HTTPHeaders) {
        self.init(hosts: headers["Host"], isForwarded: Self.forwarding.contains { headers.contains(name: $0) })
    }

    /// - Parameter authority: The Host header, which these fields do not hold.
    init(authority: String?, _ fields: HTTPFields) {
        self.init(
            hosts: authority.map { [$0] } ?? [],
            isForwarded: Self.forwarding.contains { name in HTTPField.Name(name).map { fields.contains($0) } ?? false })
    }

    /// Whether a name or an address is of this machine alone. A name other than localhost is taken for one of the network: it
    /// may resolve to that.
    static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let ip = try? SocketAddress(ipAddress: host, port: 0).ipAddress else { return false }
        return ip == "::1" || ip.hasPrefix("127.")
    }

    /// A Host without its port and brackets.
    private static func name(_ host: String) -> String {
        if host.first == "[" { return String(host.dropFirst().prefix { $0 != "]" }) }
        return String(host.prefix { $0 != ":" })
    }
}
