import Foundation
import FrameCodec
import Fuzz
import Handoff
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(3)))
struct FuzzTests {
    private static let messages = [
        #"{"type":"subscribe","proto":1,"codecs":["avc1.42E01F","vp09.00.40.08","jpeg"],"max_fps":30,"max_width":640}"#,
        #"{"type":"ack","seq":0,"decoded_ms":1.5,"presented_ms":2,"dropped":0,"decode_queue":0,"visible":true}"#,
        #"{"type":"ping","client_time":1234.5}"#, #"{"type":"subscribe","codecs":["jpeg"],"token":"x"}"#,
    ].map { Array($0.utf8) }

    /// What the server may close with: the codes of the contract and of RFC 6455 that it gives reason for.
    private static let faults: Set<Int> = [1002, 4002, 4003, 4009, 4015, 4029]

    @Test("Ten thousand control messages: answered as the contract says, or closed with an error and its code")
    func messages() throws {
        var random = SeededGenerator(seed: 1)
        var open = 0, closed = 0
        for n in 0..<10_000 {
            let sound = Self.messages[n % Self.messages.count]
            let message = n % 10 == 0 ? random.bytes(n % 300) : Mutation.damaged(sound, using: &random)
            let client = try EmbeddedClient()
            try client.receive(Mutation.whole(message))
            let answer = client.answer
            #expect(answer.unreadable == nil, "input \(n): \(message)")
            if let code = answer.code {
                closed += 1
                #expect(Self.faults.contains(code), "input \(n): \(code) for \(message)")
                #expect(answer.types.last == "error", "input \(n): \(answer.types)")
            } else {
                open += 1
            }
            #expect(answer.types.allSatisfy { ["hello", "pong", "error"].contains($0) }, "input \(n): \(answer.types)")
            try client.leave()
        }
        // Both must happen, or the inputs are no good.
        #expect(open > 300 && closed > 3_000, "\(open) open, \(closed) closed")
    }

    @Test("Six thousand frames with wrong masks, kinds, lengths, fragments: no answer but those of the contract")
    func frames() throws {
        var random = SeededGenerator(seed: 2)
        var codes: [Int: Int] = [:]
        for n in 0..<6_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let payload = Self.messages.randomElement(using: &random) ?? []
                let frame = Mutation.frame(random.chance(50) ? payload : random.bytes(n % 140), using: &random)
                bytes += random.chance(70) ? frame : Mutation.damaged(frame, using: &random)
            }
            let client = try EmbeddedClient()
            // In pieces, as a network delivers.
            while !bytes.isEmpty {
                let count = Int.random(in: 1...bytes.count, using: &random)
                try client.receive(Array(bytes[..<count]))
                bytes.removeFirst(count)
            }
            let answer = client.answer
            #expect(answer.unreadable == nil, "input \(n)")
            if let code = answer.code {
                codes[code, default: 0] += 1
                // A close is answered with its own code, where that may be sent.
                #expect(Self.faults.contains(code) || code == 1005 || 1000..<5000 ~= code, "input \(n): \(code)")
            }
            try client.leave()
        }
        for code in [1002, 4002, 4015] { #expect(codes[code, default: 0] > 10, "\(codes)") }
    }

    @Test("Three thousand damaged handshakes over sockets: upgraded, or refused in words; a viewer notices nothing")
    func handshakes() async throws {
        var timings = ServerTimings()
        timings.firstRequest = .milliseconds(700)
        try await TestServer.run(limits: .init(connections: 500), timings: timings) { server in
            let isCalm = try await server.undisturbed {
                let port = server.port
                let answers = try await onThreads(8, count: 3_000) { n -> (Int, [UInt8]) in
                    var random = SeededGenerator(seed: UInt64(n))
                    let sound = Array(RawConnection.handshake(port, "/ws/frames?codec=jpeg&fps=30").utf8)
                    let request = n % 20 == 0 ? random.bytes(n % 500 + 1) : Mutation.damaged(sound, using: &random)
                    let connection = try RawConnection(port)
                    connection.send(request)
                    connection.finishSending()
                    return (n, connection.receiveAll())
                }
                var statuses: [Int: Int] = [:]
                for (n, bytes) in answers {
                    guard !bytes.isEmpty else {
                        // The request was not whole.
                        statuses[0, default: 0] += 1
                        continue
                    }
                    let answer = HTTPAnswer(bytes)
                    statuses[answer.status, default: 0] += 1
                    #expect(answer.isProper, "input \(n): \(String(decoding: bytes.suffix(150), as: UTF8.self))")
                }
                for status in [101, 400, 404] { #expect(statuses[status, default: 0] > 20, "\(statuses)") }
                #expect(await eventually { server.hub.viewerCount == 1 })
            }
            #expect(isCalm)
        }
    }

    @Test("A thousand connections of damaged frames over sockets: a viewer notices nothing, and nobody is left behind")
    func connections() async throws {
        try await TestServer.run(limits: .init(connections: 500)) { server in
            let isCalm = try await server.undisturbed {
                let port = server.port
                let codes = try await onThreads(8, count: 1_000) { n -> Int in
                    var random = SeededGenerator(seed: UInt64(n) + 10_000)
                    let connection = try RawConnection(port)
                    connection.send(RawConnection.handshake(port, "/ws/frames").utf8)
                    guard !connection.receive().isEmpty else { return -1 }
                    for _ in 0..<Int.random(in: 1...5, using: &random) {
                        let payload = Self.messages.randomElement(using: &random) ?? []
                        let damaged = random.chance(50) ? Mutation.damaged(payload, using: &random) : payload
                        connection.send(Mutation.frame(damaged, using: &random))
                    }
                    if random.chance(30) { connection.makeAbrupt() }
                    return 0
                }
                #expect(codes.allSatisfy { $0 == 0 })
                #expect(await eventually { server.hub.viewerCount == 1 })
            }
            #expect(isCalm)
        }
    }
}

/// A client on `/ws/frames` of a server in memory: its bytes go through the same handlers as those of a socket.
private final class EmbeddedClient {
    struct Answer {
        /// The types of the texts.
        var types: [String] = []
        /// Of the close; 1005 where it has none.
        var code: Int?
        /// What is no message of a server.
        var unreadable: String?
    }

    private static let environment = ViewerEnvironment(
        renderer: FakeRenderer(), product: "test", tokens: AccessTokens(host: "127.0.0.1", auth: nil, view: nil),
        timings: ServerTimings())
    private static let statistics = FrameStatistics(registry: PrometheusRegistry())

    private let channel = EmbeddedChannel()
    private(set) var answer = Answer()

    init() throws {
        let hub = FrameHub(
            streams: [
                EncodedStream(id: 0, codec: "jpeg", type: .jpeg, width: 64, height: 36, framesPerSecond: 60)
            ], statistics: Self.statistics)
        let session = FrameViewer(
            hub: hub, request: StreamRequest(query: [:], subprotocols: [], mayView: true), environment: Self.environment
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let sender = RawSender()
        try channel.pipeline.syncOperations.addHandlers(
            sender, ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: MessageAssembler.longestMessage)),
            WebSocketConnection(
                channel: channel, session: session, sender: sender, timings: Self.environment.timings,
                statistics: Self.statistics))
    }

    func receive(_ bytes: [UInt8]) throws {
        // The decoder's own errors are answered by the connection.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        while var message = try channel.readOutbound(as: ByteBuffer.self) { read(&message) }
    }

    func leave() throws { _ = try? channel.finish(acceptAlreadyClosed: true) }

    private func read(_ message: inout ByteBuffer) {
        let opcode = message.readInteger(as: UInt8.self) ?? 0
        var length = message.readInteger(as: UInt8.self).map(Int.init) ?? -1
        if length == 126 { length = message.readInteger(as: UInt16.self).map(Int.init) ?? -1 }
        guard length == message.readableBytes, answer.code == nil else { return answer.unreadable = "\(message)" }
        switch opcode {
        case 0x81:
            let object = try? JSONSerialization.jsonObject(with: Data(message.readableBytesView)) as? [String: Any]
            guard let type = (object ?? [:])["type"] as? String else { return answer.unreadable = "\(message)" }
            answer.types.append(type)
        case 0x88: answer.code = message.readInteger(as: UInt16.self).map(Int.init) ?? 1005
        case 0x8A: break
        default: answer.unreadable = "opcode \(opcode)"
        }
    }
}
