import HummingbirdCore
import NIOCore
import NIOHTTP1

/// What becomes of the first request of a connection.
enum UpgradeDecision {
    /// A plain request, for the router.
    case plain
    case accept(WebSocketEndpoint, subprotocol: String?, Admission)
    case refuse(HTTPResponseStatus, detail: String, headers: [(String, String)])
}

/// Decides on upgrades before anything is upgraded.
struct UpgradePolicy: Sendable {
    let rate: RequestRate
    let origins: OriginPolicy
    let tokens: AccessTokens
    let admissions: AdmissionControl
    let headers: SecurityHeaders
    let audit: AuditLog?

    func decide(_ head: HTTPRequestHead, from address: SocketAddress?) -> UpgradeDecision {
        guard Self.tokens(head.headers["Upgrade"]).contains("websocket") else { return .plain }
        guard rate.allows(address) else {
            return .refuse(.tooManyRequests, detail: RequestRate.refusal, headers: [("Retry-After", "1")])
        }
        let query = Self.query(head.uri)
        let path = String(head.uri.prefix { $0 != "?" })
        let presented = Self.presented(head)
        let mayView = tokens.mayView(presented)
        let offered = head.headers[canonicalForm: "Sec-WebSocket-Protocol"].map(String.init)
        let permission = tokens.change(presented, Addressing(head.headers))
        let found = WebSocketEndpoint(
            path: path, query: query, subprotocols: offered, mayView: mayView, permission: permission)
        guard let endpoint = found else {
            let known = WebSocketEndpoint.paths.joined(separator: ", ")
            return .refuse(.notFound, detail: "There is no WebSocket at this path; there are \(known).", headers: [])
        }
        guard head.method == .GET, Self.tokens(head.headers["Connection"]).contains("upgrade"),
            head.headers["Sec-WebSocket-Key"].count == 1
        else {
            return .refuse(
                .badRequest, detail: "A WebSocket begins with GET, Connection: Upgrade and Sec-WebSocket-Key.",
                headers: [])
        }
        guard !Self.announcesBody(head.headers) else {
            return .refuse(.badRequest, detail: "A request that begins a WebSocket has no body.", headers: [])
        }
        guard head.headers["Sec-WebSocket-Version"] == ["13"] else {
            return .refuse(
                .upgradeRequired, detail: "This server speaks version 13 of the WebSocket protocol.",
                headers: [("Sec-WebSocket-Version", "13")])
        }
        guard origins.allows(origins: head.headers["Origin"], hosts: head.headers["Host"]) else {
            return .refuse(
                .forbidden,
                detail: "Pages of this origin may not connect; list it in SOUNDLAB_ALLOWED_ORIGINS to allow it.",
                headers: [])
        }
        guard mayView || endpoint.takesTokenLater else {
            return .refuse(
                .unauthorized, detail: AccessTokens.viewingRefused,
                headers: [("WWW-Authenticate", AccessTokens.challenge)])
        }
        if endpoint.isForChanges, let refusal = permission.requestRefusal {
            let isUnauthorized = permission == .unauthorized
            return .refuse(
                isUnauthorized ? .unauthorized : .forbidden, detail: refusal,
                headers: isUnauthorized ? [("WWW-Authenticate", AccessTokens.challenge)] : [])
        }
        guard let admission = admissions.admit(address) else {
            return .refuse(
                .serviceUnavailable, detail: "All places for viewers are taken; try again in a few seconds.",
                headers: [("Retry-After", "5")])
        }
        return .accept(endpoint, subprotocol: endpoint.subprotocol(of: offered), admission)
    }

    /// Where the connection of a request comes from, and by what right.
    func origin(_ head: HTTPRequestHead, from address: SocketAddress?) -> SessionAudit.Origin {
        SessionAudit.Origin(
            requestID: RequestID(head.headers[RequestID.headerName]), address: address?.ipAddress,
            path: String(head.uri.prefix { $0 != "?" }), actor: tokens.actor(Self.presented(head), from: address))
    }

    /// Writes down the answer to a request for a WebSocket over which things are changed.
    func record(_ origin: SessionAudit.Origin, status: HTTPResponseStatus) {
        guard origin.path == WebSocketEndpoint.statePath else { return }
        audit?.record(
            AuditEntry(
                requestID: origin.requestID, address: origin.address, method: "GET", path: origin.path,
                status: Int(status.code), actor: origin.actor))
    }

    private static func presented(_ head: HTTPRequestHead) -> [String] {
        [AccessTokens.bearer(head.headers["Authorization"].first), query(head.uri)["token"]].compactMap { $0 }
    }

    /// An upgrade waits for the end of its request, which a body could put off for ever.
    private static func announcesBody(_ headers: HTTPHeaders) -> Bool {
        headers.contains(name: "Transfer-Encoding") || headers["Content-Length"].contains { $0 != "0" }
    }

    private static func tokens(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",") }.map { token in
            let trimmed = token.drop { $0 == " " || $0 == "\t" }
            return trimmed.lowercased().split(separator: " ").first.map(String.init) ?? ""
        }
    }

    /// The first value of each name, decoded.
    private static func query(_ uri: String) -> [String: String] {
        Dictionary(
            URI(uri).queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { first, _ in first }
        )
    }
}
