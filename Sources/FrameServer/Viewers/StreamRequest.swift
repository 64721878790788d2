import NIOHTTP1

/// What the address of a `/ws/frames` connection asks for.
struct StreamRequest: Sendable, Equatable {
    static let subprotocol = "phi-frames.v1"

    /// The frame rates that can be asked for.
    static let rates = 1.0...240.0

    /// The widths in pixels that can be asked for.
    static let widths = 1...16_384

    /// Set where the handshake is skipped.
    var codec: String?
    /// Frames a second at most; nil for all. Not a number where what was asked for is none.
    var framesPerSecond: Double?
    /// Whether the client names only versions of the protocol that this server does not speak.
    var speaksOtherVersion = false
    /// Whether frames may be sent; otherwise a token has to come with `subscribe`.
    var mayView: Bool

    init(query: [String: String], subprotocols: [String], mayView: Bool) {
        self.mayView = mayView
        codec = query["codec"]
        framesPerSecond = query["fps"].map { Double($0) ?? .nan }
        let versions = subprotocols.filter { $0.hasPrefix("phi-frames.") }
        speaksOtherVersion = !versions.isEmpty && !versions.contains(Self.subprotocol)
    }
}
