/// What the viewers of a load run ask for.
public struct LoadPlan: Sendable {
    /// A name or an address.
    public var host: String
    public var port: Int
    /// How many viewers there are.
    public var viewers: Int
    /// As in the contract's `subscribe`, in the order of preference.
    public var codecs: [String]
    /// Frames a second that each viewer asks for; nil for all.
    public var framesPerSecond: Double?
    /// Pixels; nil for the full width.
    public var width: Int?
    /// For servers that ask for one; nil for none.
    public var token: String?

    public init(
        host: String, port: Int, viewers: Int, codecs: [String], framesPerSecond: Double? = nil, width: Int? = nil,
        token: String? = nil
    ) {
        self.host = host
        self.port = port
        self.viewers = viewers
        self.codecs = codecs
        self.framesPerSecond = framesPerSecond
        self.width = width
        self.token = token
    }

    /// The `subscribe` message of the contract.
    var subscription: [UInt8] {
        var fields = ["\"type\":\"subscribe\"", "\"codecs\":[\(codecs.map(Self.quoted).joined(separator: ","))]"]
        if let framesPerSecond { fields.append("\"max_fps\":\(framesPerSecond)") }
        if let width { fields.append("\"max_width\":\(width)") }
        if let token { fields.append("\"token\":\(Self.quoted(token))") }
        return Array("{\(fields.joined(separator: ","))}".utf8)
    }

    /// The upgrade request of RFC 6455. The key is the example of its §1.3: nothing here depends on its being secret.
    var handshake: [UInt8] {
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let name = host.contains(":") ? "[\(host)]" : host
        return Array(
            ("GET /ws/frames HTTP/1.1\r\nHost: \(name):\(port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: phi-frames.v1\r\n\(authorization)\r\n").utf8)
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
