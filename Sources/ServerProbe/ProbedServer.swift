import Foundation

/// A server that is examined from outside, as its clients see it.
public struct ProbedServer: Sendable {
    /// Of scheme `http` or `https`, without a path.
    public let url: URL
    /// Sent as a bearer token; nil where the server wants none.
    public let token: String?
    /// A PEM file with the certificates that are trusted instead of the system's; nil for the system's.
    public let trustedCertificates: String?

    /// Seconds that one answer may take.
    static let patience = 10

    public var host: String { url.host(percentEncoded: false) ?? "127.0.0.1" }
    public var isEncrypted: Bool { url.scheme == "https" }
    public var port: Int { url.port ?? (isEncrypted ? 443 : 80) }
    /// HOST:PORT, as the header Host has it.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// - Throws: `ProbeError.badAddress` where `text` is no address of a server.
    public init(_ text: String, token: String? = nil, trustedCertificates: String? = nil) throws(ProbeError) {
        var plain = text
        while plain.hasSuffix("/") { plain.removeLast() }
        guard let url = URL(string: plain), url.scheme == "http" || url.scheme == "https", url.host() != nil,
            url.path().isEmpty, url.query() == nil
        else { throw .badAddress(text) }
        self.url = url
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
        self.trustedCertificates = trustedCertificates
    }
}

/// Why a server cannot be examined, or does not answer as it has to.
public enum ProbeError: Error, Equatable, CustomStringConvertible {
    case badAddress(String)
    case badCertificates(String)
    /// Where, and why.
    case unreachable(String, String)
    /// What was asked for, and the status of the answer.
    case status(String, Int)
    /// What was asked for, and what is wrong with the answer.
    case unexpected(String, String)

    public var description: String {
        switch self {
        case .badAddress(let text): "'\(text)' is no address of a server; give --url http://HOST:PORT."
        case .badCertificates(let path):
            "The certificates \(path) cannot be read; give a PEM file with the certificate of the server's authority."
        case .unreachable(let server, let why): "The server at \(server) cannot be reached: \(why)."
        case .status(let what, 401): "\(what) wants a token; set SOUNDLAB_VIEW_TOKEN."
        case .status(let what, 403): "\(what) is refused; set SOUNDLAB_AUTH_TOKEN."
        case .status(let what, let status): "\(what) answers with status \(status)."
        case .unexpected(let what, let why): "\(what) \(why)."
        }
    }
}
