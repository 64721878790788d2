import Foundation
import NIOCore

/// A small RFC 6455 client. For one task.
final class WebSocketClient {
    enum Message: Sendable {
        case text(String)
        case binary(ByteBuffer)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        case close(Int)
    }

    struct Refused: Error {
        let head: TestSocket.Head
        let body: String
    }

    let socket: TestSocket
    let head: TestSocket.Head

    private init(socket: TestSocket, head: TestSocket.Head) {
        self.socket = socket
        self.head = head
    }

    static func open(
        _ server: TestServer, _ path: String, headers: [String: String] = [:],
        over connection: TestSocket? = nil
    ) async throws -> WebSocketClient {
        let socket: TestSocket
        if let connection { socket = connection } else { socket = try await TestSocket.connect(server.port) }
        let host = headers["Host"] ?? "127.0.0.1:\(server.port)"
        var text = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\n"
        text += "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        text += "Sec-WebSocket-Version: 13\r\n"
        for (name, value) in headers where name != "Host" { text += "\(name): \(value)\r\n" }
        try await socket.send(text + "\r\n")
        let head = try await socket.readHead()
        guard head.status == 101 else {
            throw Refused(head: head, body: String(buffer: await socket.readToEnd()))
        }
        return WebSocketClient(socket: socket, head: head)
    }

    /// The next message, whatever it is. Pings are not answered.
    func next() async throws -> Message {
        let start = try await socket.read(2)
        let opcode = start.getInteger(at: start.readerIndex, as: UInt8.self).map { $0 & 15 } ?? 0
        var length = start.getInteger(at: start.readerIndex + 1, as: UInt8.self).map(Int.init) ?? 0
        if length == 126 {
            var bytes = try await socket.read(2)
            length = bytes.readInteger(as: UInt16.self).map(Int.init) ?? 0
        } else if length == 127 {
            var bytes = try await socket.read(8)
            length = bytes.readInteger(as: UInt64.self).map(Int.init) ?? 0
        }
        var payload = try await socket.read(length)
        switch opcode {
        case 1: return .text(String(buffer: payload))
        case 2: return .binary(payload)
        case 8: return .close(payload.readInteger(as: UInt16.self).map(Int.init) ?? 1005)
        case 9: return .ping(payload)
        default: return .pong(payload)
        }
    }

    /// The next text message of a type; frames and others are passed over.
    func text(_ type: String) async throws -> [String: any Sendable] {
        while true {
            switch try await next() {
            case .text(let text):
                let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: any Sendable] ?? [:]
                if object["type"] as? String == type { return object }
            case .close: throw TestSocket.Ended()
            default: break
            }
        }
    }

    /// The next frame; texts are passed over.
    func frame() async throws -> ByteBuffer {
        while true {
            switch try await next() {
            case .binary(let bytes): return bytes
            case .close: throw TestSocket.Ended()
            default: break
            }
        }
    }

    /// The code with which the server closes; everything before is passed over. 1006 where the connection just ends.
    func closeCode() async -> Int {
        while let message = try? await next() {
            if case .close(let code) = message { return code }
        }
        return 1006
    }

    func send(_ text: String) async throws { try await send(opcode: 1, ByteBuffer(string: text)) }

    func send(opcode: UInt8, _ payload: ByteBuffer, final: Bool = true, masked: Bool = true) async throws {
        var bytes = ByteBuffer()
        bytes.writeInteger((final ? 0x80 : 0) | opcode)
        let mask: UInt8 = masked ? 0x80 : 0
        switch payload.readableBytes {
        case ...125: bytes.writeInteger(mask | UInt8(payload.readableBytes))
        case ...0xFFFF: bytes.writeMultipleIntegers(mask | 126, UInt16(payload.readableBytes))
        default: bytes.writeMultipleIntegers(mask | 127, UInt64(payload.readableBytes))
        }
        let key: [UInt8] = [1, 2, 3, 4]
        if masked { bytes.writeBytes(key) }
        bytes.writeBytes(payload.readableBytesView.enumerated().map { masked ? $1 ^ key[$0 & 3] : $1 })
        try await socket.send(bytes)
    }

    func acknowledge(_ sequence: UInt32, visible: Bool = true) async throws {
        try await send(
            """
            {"type":"ack","seq":\(sequence),"decoded_ms":1,"presented_ms":2,"dropped":0,"decode_queue":0,\
            "visible":\(visible)}
            """)
    }
}

extension ByteBuffer {
    /// The number of the frame that a media message carries.
    var frameNumber: UInt32 { getInteger(at: readerIndex + 12) ?? .max }
}
