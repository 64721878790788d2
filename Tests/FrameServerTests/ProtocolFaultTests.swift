import Handoff
import NIOCore
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct ProtocolFaultTests {
    @Test(
        "What is not a message is answered with an error and close 4002",
        arguments: [
            "{broken", "[]", "{}", #"{"type":7}"#, #"{"type":"dance"}"#, #"{"type":"subscribe"}"#,
            #"{"type":"subscribe","codecs":["vp09.00"]}"#,
            #"{"type":"subscribe","codecs":["jpeg"],"max_fps":0}"#,
            #"{"type":"subscribe","codecs":["jpeg"],"max_width":0}"#,
            #"{"type":"subscribe","codecs":["jpeg"],"max_width":99999}"#,
            #"{"type":"subscribe","codecs":["jpeg"],"max_width":"small"}"#, #"{"type":"ack","seq":-1}"#,
        ])
    func garbage(_ message: String) async throws {
        try await TestServer.run { server in
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            try await viewer.send(message)
            let error = try await viewer.text("error")
            #expect(error["code"] as? Int == 4002)
            #expect((error["message"] as? String)?.hasSuffix(".") == true)
            #expect(error["retryable"] as? Bool == false)
            #expect(await viewer.closeCode() == 4002)
            #expect(await eventually { server.hub.viewerCount == 0 })
        }
    }

    @Test("Sixteen codecs are looked at, in whatever letters, and no more")
    func manyCodecs() async throws {
        try await TestServer.run { server in
            let others = (0..<16).map { #""x\#($0)""# }
            let last = try await WebSocketClient.open(server, "/ws/frames")
            try await last.send(#"{"type":"subscribe","codecs":[\#(others[1...].joined(separator: ",")),"JpEg.x"]}"#)
            #expect(await eventually { server.demand.isWanted })
            await last.socket.close()
            let behind = try await WebSocketClient.open(server, "/ws/frames")
            try await behind.send(#"{"type":"subscribe","codecs":[\#(others.joined(separator: ",")),"jpeg"]}"#)
            #expect(await behind.closeCode() == 4002)
        }
    }

    @Test("Another version of the protocol is refused with 4003", arguments: [true, false])
    func version(byHeader: Bool) async throws {
        try await TestServer.run { server in
            let viewer = try await WebSocketClient.open(
                server, "/ws/frames", headers: byHeader ? ["Sec-WebSocket-Protocol": "phi-frames.v9"] : [:])
            if !byHeader { try await viewer.send(#"{"type":"subscribe","proto":9,"codecs":["jpeg"]}"#) }
            #expect(await viewer.closeCode() == 4003)
        }
    }

    @Test("A message over 64 KiB closes with 4015, whole or in fragments")
    func oversized() async throws {
        try await TestServer.run { server in
            let whole = try await WebSocketClient.open(server, "/ws/frames")
            try await whole.send(opcode: 1, ByteBuffer(repeating: 0x20, count: 200_000))
            #expect(await whole.closeCode() == 4015)
            let pieces = try await WebSocketClient.open(server, "/ws/frames")
            for n in 0..<5 {
                try await pieces.send(
                    opcode: n == 0 ? 1 : 0, ByteBuffer(repeating: 0x20, count: 20_000), final: false)
            }
            #expect(await pieces.closeCode() == 4015)
        }
    }

    @Test("A declared length is not believed: 2^62 bytes close at once")
    func declaredLength() async throws {
        try await TestServer.run { server in
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            var bytes = ByteBuffer(bytes: [0x81, 0xFF])
            bytes.writeInteger(UInt64(1) << 62)
            bytes.writeInteger(UInt32(0))
            try await viewer.socket.send(bytes)
            #expect(await viewer.closeCode() == 4015)
        }
    }

    @Test("Fragments are joined, also around a ping")
    func fragments() async throws {
        try await TestServer.run { server in
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            try await viewer.send(opcode: 1, ByteBuffer(string: #"{"type":"pi"#), final: false)
            try await viewer.send(opcode: 9, ByteBuffer(string: "x"))
            try await viewer.send(opcode: 0, ByteBuffer(string: #"ng","client_time":1}"#))
            var sawPong = false
            while true {
                switch try await viewer.next() {
                case .pong(let payload): sawPong = String(buffer: payload) == "x"
                case .text(let text) where text.contains(#""pong""#):
                    #expect(sawPong)
                    return
                default: continue
                }
            }
        }
    }

    @Test("What breaks RFC 6455 closes with 1002")
    func violations() async throws {
        try await TestServer.run { server in
            let unmasked = try await WebSocketClient.open(server, "/ws/frames")
            try await unmasked.send(opcode: 1, ByteBuffer(string: "{}"), masked: false)
            #expect(await unmasked.closeCode() == 1002)
            let reserved = try await WebSocketClient.open(server, "/ws/metrics")
            try await reserved.send(opcode: 0x40 | 1, ByteBuffer(string: "{}"))
            #expect(await reserved.closeCode() == 1002)
            let orphan = try await WebSocketClient.open(server, "/ws/metrics")
            try await orphan.send(opcode: 0, ByteBuffer(string: "{}"))
            #expect(await orphan.closeCode() == 1002)
            let unknown = try await WebSocketClient.open(server, "/ws/metrics")
            try await unknown.send(opcode: 5, ByteBuffer(string: "{}"))
            #expect(await unknown.closeCode() == 1002)
        }
    }

    @Test("An acknowledgement of a frame that was never sent is an error, and disturbs nobody else")
    func neverSent() async throws {
        try await TestServer.run { server in
            try await server.publishing {
                let healthy = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
                let viewer = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
                let number = try await viewer.frame().frameNumber
                try await viewer.acknowledge(number &+ 1_000_000)
                #expect(await viewer.closeCode() == 4002)
                for _ in 0..<10 { _ = try await healthy.frame() }
            }
        }
    }

    @Test("A client that chatters is closed with 4029")
    func tooFast() async throws {
        try await TestServer.run { server in
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            for _ in 0..<1_100 { try? await viewer.acknowledge(0) }
            #expect(await viewer.closeCode() == 4029)
        }
    }

    @Test("A close is answered with the same code")
    func close() async throws {
        try await TestServer.run { server in
            let viewer = try await WebSocketClient.open(server, "/ws/metrics")
            try await viewer.send(opcode: 8, ByteBuffer(integer: UInt16(1000)))
            #expect(await viewer.closeCode() == 1000)
        }
    }

    @Test("Two pings without an answer end the connection")
    func deadPeer() async throws {
        var timings = ServerTimings()
        timings.ping = .milliseconds(60)
        timings.housekeeping = .milliseconds(10)
        try await TestServer.run(timings: timings) { server in
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            #expect(await viewer.closeCode() == 4014)
            let answering = try await WebSocketClient.open(server, "/ws/frames")
            for _ in 0..<5 {
                guard case .ping(let payload) = try await answering.nextPing() else { return }
                try await answering.send(opcode: 10, payload)
            }
        }
    }
}

extension WebSocketClient {
    fileprivate func nextPing() async throws -> Message {
        while true {
            let message = try await next()
            if case .ping = message { return message }
            if case .close = message { throw TestSocket.Ended() }
        }
    }
}
