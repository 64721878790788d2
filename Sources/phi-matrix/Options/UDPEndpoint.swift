import ArgumentParser

/// PORT or HOST:PORT: where UDP is listened on. Without a host, only this machine is.
struct UDPEndpoint: ExpressibleByArgument, Equatable, Sendable {
    let host: String
    let port: Int

    init?(argument: String) {
        // An IPv6 address is in brackets, as in a URL.
        let colon = argument.lastIndex(of: ":")
        let name = colon.map { argument[..<$0] } ?? "127.0.0.1"
        let number = colon.map { argument[argument.index(after: $0)...] } ?? argument[...]
        guard let port = Int(number), !name.isEmpty else { return nil }
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        guard isBracketed || !name.contains(":") else { return nil }
        host = String(isBracketed ? name.dropFirst().dropLast() : name)
        self.port = port
    }

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("\(port) is no port; give --osc PORT or --osc HOST:PORT with a port from 0 to 65535")
        }
    }
}
