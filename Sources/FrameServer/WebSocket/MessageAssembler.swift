import NIOCore
import NIOWebSocket

/// Joins fragments to messages, and checks what RFC 6455 asks of a client.
struct MessageAssembler {
    /// What a frame amounted to.
    enum Outcome {
        case text(ByteBuffer)
        case binary
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        case close(ByteBuffer)
        case incomplete
        case violation(CloseCode, String)
    }

    /// Bytes of a message, in however many fragments (contract §4).
    static let longestMessage = 64 * 1024

    private var opcode: WebSocketOpcode?
    private var partial = ByteBuffer()

    /// Whether a message has begun of which there is more to come.
    var isPartial: Bool { opcode != nil }

    mutating func take(_ frame: WebSocketFrame) -> Outcome {
        guard frame.maskKey != nil else { return .violation(.protocolError, "A client masks its frames.") }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return .violation(.protocolError, "No extension was agreed on.")
        }
        var data = frame.unmaskedData
        switch frame.opcode {
        case .ping: return .ping(data)
        case .pong: return .pong(data)
        case .connectionClose: return .close(data)
        case .text, .binary:
            guard opcode == nil else {
                return .violation(.protocolError, "A message began before the last one had ended.")
            }
            guard !frame.fin else { return whole(frame.opcode, data) }
            opcode = frame.opcode
            partial = data
            return .incomplete
        case .continuation:
            guard let opcode else { return .violation(.protocolError, "A fragment continues no message.") }
            guard partial.readableBytes + data.readableBytes <= Self.longestMessage else {
                partial = ByteBuffer()
                return .violation(.tooLarge, "A message has at most \(Self.longestMessage) bytes.")
            }
            partial.writeBuffer(&data)
            guard frame.fin else { return .incomplete }
            let message = partial
            partial = ByteBuffer()
            self.opcode = nil
            return whole(opcode, message)
        default:
            return .violation(.protocolError, "The frame's kind is unknown.")
        }
    }

    private func whole(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> Outcome {
        opcode == .text ? .text(data) : .binary
    }
}
