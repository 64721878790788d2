import Handoff
import NIOCore
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(2)))
struct HostileClientTests {
    /// What a client does, and how the connection ends for it.
    struct Act: Sendable, CustomTestStringConvertible {
        let name: String
        let code: Int
        var path = "/ws/frames?codec=jpeg"
        let perform: @Sendable (WebSocketClient) async throws -> Void
        var testDescription: String { name }
    }

    private static func text(_ name: String, _ code: Int, _ message: String) -> Act {
        Act(name: name, code: code, path: "/ws/frames") { try await $0.send(message) }
    }

    private static func closing(_ name: String, with payload: [UInt8], code: Int) -> Act {
        Act(name: name, code: code) { try await $0.send(opcode: 8, ByteBuffer(bytes: payload)) }
    }

    static let acts = [
        Act(name: "ten megabytes in one message", code: 4015) {
            var bytes = ByteBuffer(bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 0xA0, 0, 0, 0, 0, 0, 0])
            bytes.writeRepeatingByte(0x20, count: 10 << 20)
            try await $0.socket.send(bytes)
        },
        Act(name: "ten megabytes in fragments of 60 KB", code: 4015) { client in
            for n in 0..<175 {
                try await client.send(opcode: n == 0 ? 1 : 0, ByteBuffer(repeating: 0x20, count: 60_000), final: false)
            }
        },
        Act(name: "a hundred thousand fragments of a byte, with pings between", code: 4029) { client in
            // Masked with zeros, in one go.
            var bytes = ByteBuffer(bytes: [0x01, 0x81, 0, 0, 0, 0, 0x20])
            for n in 1..<100_000 {
                bytes.writeBytes([0x00, 0x81, 0, 0, 0, 0, 0x20])
                if n % 50 == 0 { bytes.writeBytes([0x89, 0x80, 0, 0, 0, 0]) }
            }
            try await client.socket.send(bytes)
        },
        Act(name: "a hundred thousand pings", code: 4029) { client in
            try await client.socket.send(
                ByteBuffer(bytes: (0..<100_000).flatMap { _ in [0x89, 0x80, 0, 0, 0, 0] as [UInt8] }))
        },
        Act(name: "a message that is never ended, fragment by fragment", code: 4014) { client in
            try await client.send(opcode: 1, ByteBuffer(string: "{"), final: false)
            for _ in 0..<40 {
                try await Task.sleep(for: .milliseconds(40))
                try await client.send(opcode: 0, ByteBuffer(string: " "), final: false)
            }
        },
        Act(name: "a frame that is never ended, byte by byte", code: 4014) { client in
            // 60 000 bytes are announced.
            try await client.socket.send(ByteBuffer(bytes: [0x81, 0xFE, 0xEA, 0x60, 0, 0, 0, 0]))
            for _ in 0..<40 {
                try await Task.sleep(for: .milliseconds(40))
                try await client.socket.send(" ")
            }
        },
        Act(name: "binary where text belongs", code: 4002) {
            try await $0.send(opcode: 2, ByteBuffer(string: #"{"type":"ping"}"#))
        },
        Act(name: "text that is not UTF-8", code: 4002) {
            try await $0.send(opcode: 1, ByteBuffer(bytes: [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D]))
        },
        Act(name: "a ping in fragments", code: 1002) { try await $0.send(opcode: 9, ByteBuffer(), final: false) },
        Act(name: "a ping of 126 bytes", code: 1002) {
            try await $0.send(opcode: 9, ByteBuffer(repeating: 1, count: 126))
        },
        Act(name: "a message within a message", code: 1002) { client in
            try await client.send(opcode: 1, ByteBuffer(string: "{"), final: false)
            try await client.send(opcode: 1, ByteBuffer(string: "{}"))
        },
        text("a hundred thousand brackets", 4002, String(repeating: "[", count: 60_000)),
        text("an unknown codec", 4002, #"{"type":"subscribe","codecs":["av01.0.04M.08"]}"#),
        text("no pixel in width", 4002, #"{"type":"subscribe","codecs":["jpeg"],"max_width":0}"#),
        text("no frame in a second", 4002, #"{"type":"subscribe","codecs":["jpeg"],"max_fps":0}"#),
        text("a frame that was never sent", 4002, #"{"type":"ack","seq":4000000000}"#),
        text("another version", 4003, #"{"type":"subscribe","proto":2,"codecs":["jpeg"]}"#),
        closing("half a close code", with: [0x03], code: 1002),
        closing("a close code that may not be sent", with: [0x03, 0xED], code: 1002),
        closing("a close code that nobody gave out", with: [0x00, 0x07], code: 1002),
        closing("a reason that is not UTF-8", with: [0x03, 0xE8, 0xC3, 0x28], code: 1002),
        closing("a close with a reason", with: [0x0F, 0xA0, 0x62, 0x79, 0x65], code: 4000),
        closing("a close without a code", with: [], code: 1005),
    ]

    private static var timings: ServerTimings {
        var timings = ServerTimings()
        timings.message = .milliseconds(500)
        timings.ping = .milliseconds(400)
        timings.housekeeping = .milliseconds(50)
        timings.closeGrace = .milliseconds(200)
        return timings
    }

    @Test("Each has its close code, and disturbs nobody", arguments: acts)
    func act(_ act: Act) async throws {
        try await TestServer.run(timings: Self.timings) { server in
            let isCalm = try await server.undisturbed {
                let client = try await WebSocketClient.open(server, act.path)
                // The server may have ended the connection before all is sent.
                try? await act.perform(client)
                #expect(await client.closeCode() == act.code)
                await client.socket.close()
                #expect(await eventually { server.hub.viewerCount == 1 })
            }
            #expect(isCalm)
        }
    }

    @Test(
        "A missing or wrong token has its close code, and disturbs nobody with the right one",
        arguments: [nil, "no"])
    func token(_ token: String?) async throws {
        try await TestServer.run(viewToken: "look") { server in
            try await server.publishing {
                try await Watcher.watching(server, "/ws/frames?codec=jpeg&token=look") { healthy in
                    #expect(await healthy.getsFrames(5))
                    let client = try await WebSocketClient.open(server, "/ws/frames")
                    let field = token.map { #","token":"\#($0)""# } ?? ""
                    try await client.send(#"{"type":"subscribe","codecs":["jpeg"]\#(field)}"#)
                    #expect(try await client.text("error")["code"] as? Int == 4009)
                    #expect(await client.closeCode() == 4009)
                    #expect(await healthy.getsFrames(5))
                }
            }
        }
    }

    @Test("Handshakes that trickle in are ended when their time is up, however many, and disturb nobody")
    func slowHandshakes() async throws {
        var timings = ServerTimings()
        timings.firstRequest = .milliseconds(600)
        try await TestServer.run(timings: timings) { server in
            let isCalm = try await server.undisturbed {
                let request = ByteBuffer(string: RawConnection.handshake(server.port, "/ws/frames?codec=jpeg"))
                let ended = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<40 {
                        group.addTask {
                            let socket = try await TestSocket.connect(server.port)
                            for byte in request.readableBytesView.prefix(150) {
                                try? await socket.send(ByteBuffer(bytes: [byte]))
                                try await Task.sleep(for: .milliseconds(10))
                            }
                            return await socket.readToEnd().readableBytes == 0
                        }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(ended == 40)
                #expect(server.hub.viewerCount == 1)
            }
            #expect(isCalm)
        }
    }
}
