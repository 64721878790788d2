/// A running Soundlab server, as `soundlab:` names it.
public struct SoundlabAddress: Sendable, Equatable {
    /// A name or an IP address, without brackets.
    public var host: String
    public var port: Int
    /// The token that the server wants for viewing; nil where it wants none.
    public var token: String?

    /// Reads `ws://HOST:PORT`, with `?token=…` where the server wants one. Port 8000 where none is given.
    ///
    /// - Throws: `EngineError`.
    public init(parsing text: String) throws(EngineError) {
        let help = "write the server's address after 'soundlab:', as in 'soundlab:ws://127.0.0.1:8000'"
        let lowered = text.lowercased()
        guard !lowered.hasPrefix("wss:"), !lowered.hasPrefix("https:") else {
            throw .refused(
                .usage, "A server behind TLS cannot be followed; \(help), over a network or a tunnel that you trust.")
        }
        guard lowered.hasPrefix("ws://") else { throw .refused(.usage, "'\(text)' is no WebSocket address; \(help).") }
        let rest = text.dropFirst("ws://".count)
        let question = rest.firstIndex(of: "?")
        var authority = rest[..<(question ?? rest.endIndex)]
        while authority.hasSuffix("/") { authority.removeLast() }
        let malformed = EngineError.refused(.usage, "'\(text)' is no address of a server; \(help).")
        guard !authority.isEmpty, authority.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x2F && $0 != 0x40 })
        else { throw malformed }
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw malformed }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw malformed }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw malformed }
            host = String(parts[0])
            portText = parts.count == 2 ? parts[1] : nil
        }
        guard let number = Int(portText ?? "8000"), (1...65_535).contains(number), !host.isEmpty else {
            throw malformed
        }
        port = number
        guard let question else { return }
        let query = rest[rest.index(after: question)...]
        guard query.hasPrefix("token="), query.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .refused(.usage, "A followed server has no option '\(query)'; there is token.")
        }
        token = String(query.dropFirst("token=".count))
    }

    /// HOST:PORT, as it is shown and sent: never with the token.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
