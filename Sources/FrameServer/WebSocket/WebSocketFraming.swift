import NIOCore
import NIOWebSocket

/// Frames messages as a server does: whole and unmasked, so that one framed message serves every peer.
enum WebSocketFraming {
    static func frame(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) -> ByteBuffer {
        let length = payload.readableBytes
        var framed = ByteBufferAllocator().buffer(capacity: length + 10)
        framed.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        switch length {
        case ...125:
            framed.writeInteger(UInt8(length))
        case ...0xFFFF:
            framed.writeInteger(UInt8(126))
            framed.writeInteger(UInt16(length))
        default:
            framed.writeInteger(UInt8(127))
            framed.writeInteger(UInt64(length))
        }
        framed.writeImmutableBuffer(payload)
        return framed
    }

    static func text(_ message: some Encodable) throws -> ByteBuffer {
        frame(.text, try WireJSON.encode(message))
    }

    /// - Parameter reason: At most 123 bytes are sent.
    static func close(_ code: CloseCode, _ reason: String) -> ByteBuffer {
        var payload = ByteBuffer(integer: code.rawValue)
        var shortened = reason
        while shortened.utf8.count > 123 { shortened.removeLast() }
        payload.writeString(shortened)
        return frame(.connectionClose, payload)
    }
}

/// Why the server ends a WebSocket: the codes of RFC 6455 and of contract §4.4.
struct CloseCode: RawRepresentable, Sendable, Equatable {
    let rawValue: UInt16

    static let goingAway = CloseCode(rawValue: 1001)
    static let protocolError = CloseCode(rawValue: 1002)
    static let badMessage = CloseCode(rawValue: 4002)
    static let unsupportedVersion = CloseCode(rawValue: 4003)
    static let badToken = CloseCode(rawValue: 4009)
    static let tooSlow = CloseCode(rawValue: 4014)
    static let tooLarge = CloseCode(rawValue: 4015)
    static let tooFast = CloseCode(rawValue: 4029)

    /// Whether a peer may close with this: with nothing, or with a code that may be sent and a reason in UTF-8 (RFC 6455
    /// §5.5.1, §7.4).
    static func isWellFormed(_ payload: ByteBuffer) -> Bool {
        var rest = payload
        guard rest.readableBytes > 0 else { return true }
        guard let code = rest.readInteger(as: UInt16.self) else { return false }
        let isKnown = 1000...1003 ~= code || 1007...1014 ~= code || 3000...4999 ~= code
        return isKnown && String(validating: rest.readableBytesView, as: UTF8.self) != nil
    }
}
