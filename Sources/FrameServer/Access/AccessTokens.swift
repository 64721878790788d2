import NIOCore
import Synchronization

/// Who may look and who may change something, by tokens, which can be changed while the server runs.
final class AccessTokens: Sendable {
    /// Whether a change is made.
    enum Change: Sendable {
        case allowed
        /// The token is missing or wrong.
        case unauthorized
        /// No token can allow it, for none was configured.
        case impossible
        /// None was configured, and the sender is not at this machine, though the request comes from it.
        case fromElsewhere

        /// Why not, for a client of a WebSocket; nil where it is allowed.
        var refusal: String? {
            switch self {
            case .allowed: nil
            case .unauthorized:
                "A change needs the server's token; connect with it as 'Authorization: Bearer' or '?token='."
            case .impossible, .fromElsewhere: requestRefusal
            }
        }

        /// Why not, for the sender of a request; nil where it is allowed.
        var requestRefusal: String? {
            switch self {
            case .allowed: nil
            case .unauthorized: "A change needs the server's token; send it as 'Authorization: Bearer'."
            case .impossible:
                "This server is open to other machines and lets nobody change anything without a token; \(advice)"
            case .fromElsewhere:
                "Without a token this server lets only those change something who ask it as localhost and through no proxy; "
                    + advice
            }
        }

        private var advice: String {
            "set SOUNDLAB_AUTH_TOKEN where it runs, and send that as 'Authorization: Bearer'."
        }
    }

    /// What a refusal names as the way to authenticate: the value of WWW-Authenticate.
    static let challenge = #"Bearer realm="phi-matrix""#
    static let viewingRefused = "Viewing needs a token; send it as 'Authorization: Bearer' or as '?token='."

    private struct Pair: Sendable {
        let auth: AccessToken?
        let view: AccessToken?

        init(auth: String?, view: String?) {
            self.auth = auth.flatMap { AccessToken($0) }
            self.view = view.flatMap { AccessToken($0) }
        }
    }

    private let isLoopback: Bool
    private let pair: Mutex<Pair>

    /// - Parameter host: What is listened on.
    init(host: String, auth: String?, view: String?) {
        isLoopback = Addressing.isLoopback(host)
        pair = Mutex(Pair(auth: auth, view: view))
    }

    /// Asks for other tokens from here on; who is connected stays.
    func update(auth: String?, view: String?) { pair.withLock { $0 = Pair(auth: auth, view: view) } }

    private var auth: AccessToken? { pair.withLock { $0.auth } }

    /// Whether one of the tokens that a client presents lets it look. The token for changes does so as well.
    func mayView(_ presented: [String]) -> Bool {
        let pair = pair.withLock { $0 }
        guard let view = pair.view else { return true }
        return presented.contains { view.matches($0) || pair.auth?.matches($0) == true }
    }

    /// - Parameters:
    ///   - presented: The tokens that the client presents.
    ///   - addressing: How its request names this server; asked where no token is configured.
    func change(_ presented: [String], _ addressing: @autoclosure () -> Addressing) -> Change {
        guard let auth else {
            guard isLoopback else { return .impossible }
            return addressing().isLocal ? .allowed : .fromElsewhere
        }
        return presented.contains { auth.matches($0) } ? .allowed : .unauthorized
    }

    /// By what right somebody acts who presents these tokens.
    func actor(_ presented: [String], from address: SocketAddress?) -> AuditActor {
        let pair = pair.withLock { $0 }
        if let auth = pair.auth, presented.contains(where: auth.matches) { return .changer }
        if let view = pair.view, presented.contains(where: view.matches) { return .viewer }
        return PeerAddress(address).countedAs == nil ? .local : .anonymous
    }

    /// The token of an Authorization header; nil where it has another scheme.
    static func bearer(_ authorization: String?) -> String? {
        let words = authorization?.split(separator: " ") ?? []
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1])
    }
}
