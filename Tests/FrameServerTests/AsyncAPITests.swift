import Foundation
import FrameCodec
import NIOCore
import PhiModel
import Synchronization
import Testing

@testable import FrameServer

/// `/asyncapi.json` against the server that it describes.
@Suite(.timeLimit(.minutes(1)))
struct AsyncAPITests {
    /// The document, and what is asked of it.
    private struct Sockets {
        let check: SchemaCheck

        init(_ server: TestServer) async throws {
            check = SchemaCheck(document: try await server.document("/asyncapi.json"))
        }

        func names(_ value: JSONValue?) -> [String] {
            guard case .object(let fields)? = value else { return [] }
            return fields.keys.sorted()
        }

        var channels: [String] { names(check.document["channels"]) }

        func address(_ channel: String) -> String { check.document["channels"]?[channel]?["address"]?.string ?? "" }

        func messages(_ channel: String) -> [String] { names(check.document["channels"]?[channel]?["messages"]) }

        func message(_ channel: String, _ name: String) -> JSONValue? {
            check.document["components"]?["messages"]?["\(channel).\(name)"]
        }

        func examples(_ channel: String, _ name: String) -> [JSONValue] {
            (message(channel, name)?["examples"]?.array ?? []).compactMap { $0["payload"] }
        }

        var operations: [JSONValue] {
            names(check.document["operations"]).compactMap { check.document["operations"]?[$0] }
        }

        /// The last words of the references in a list, where the list is of this channel.
        func listed(_ value: JSONValue?, of channel: String) -> [String] {
            (value?["messages"]?.array ?? []).compactMap { $0["$ref"]?.string }
                .filter { $0.hasPrefix("#/channels/\(channel)/messages/") }
                .compactMap { $0.split(separator: "/").last.map(String.init) }
        }

        /// Messages from clients, and what answers them.
        func requests(_ channel: String) -> [String: [String]] {
            var found: [String: [String]] = [:]
            for operation in operations where operation["action"]?.string == "receive" {
                for name in listed(operation, of: channel) { found[name] = listed(operation["reply"], of: channel) }
            }
            return found
        }

        /// Messages of the server.
        func sent(_ channel: String) -> Set<String> {
            let unasked = operations.filter { $0["action"]?.string == "send" }.flatMap { listed($0, of: channel) }
            return Set(unasked).union(requests(channel).values.joined())
        }
    }

    /// Reads what comes, checks it, and notes it.
    private final class Listener {
        let sockets: Sockets
        let channel: String
        private let client: WebSocketClient
        private(set) var heard: Set<String> = []

        init(_ server: TestServer, _ sockets: Sockets, _ channel: String) async throws {
            self.sockets = sockets
            self.channel = channel
            client = try await WebSocketClient.open(server, sockets.address(channel))
        }

        func send(_ value: JSONValue) async throws { try await send(String(decoding: try value.json(), as: UTF8.self)) }

        func send(_ text: String) async throws { try await client.send(text) }

        /// The next message of one of these names; those before it are checked as well.
        func next(_ names: [String]) async throws -> JSONValue {
            while true {
                switch try await client.next() {
                case .text(let text):
                    let message = try JSONValue(json: Data(text.utf8))
                    let name = message["type"]?.string ?? "sample"
                    let payload = sockets.message(channel, name)?["payload"] ?? .null
                    #expect(sockets.check.problems(message, payload, at: "\(channel).\(name)") == [])
                    heard.insert("\(channel).\(name)")
                    if names.contains(name) { return message }
                case .binary(let bytes):
                    heard.insert("\(channel).media")
                    if names.contains("media") { return .array(bytes.readableBytesView.map { .number(Double($0)) }) }
                case .close: throw TestSocket.Ended()
                default: break
                }
            }
        }

        func close() async { await client.socket.close() }
    }

    @Test("Every WebSocket path is described, and nothing else is")
    func complete() async throws {
        try await TestServer.run { server in
            let sockets = try await Sockets(server)
            #expect(sockets.channels.map(sockets.address).sorted() == WebSocketEndpoint.paths.sorted())
            let references = sockets.check.references
            #expect(references.filter { sockets.check.target(of: $0) == nil } == [])
            for kind in ["schemas", "messages", "securitySchemes"] {
                let parts = sockets.names(sockets.check.document["components"]?[kind])
                #expect(!parts.isEmpty && parts.filter { !references.contains("#/components/\(kind)/\($0)") } == [])
            }
            for channel in sockets.channels {
                let spoken = sockets.sent(channel).union(sockets.requests(channel).keys)
                #expect(spoken == Set(sockets.messages(channel)), "\(channel)")
            }
        }
    }

    @Test("The examples are as their schemas have them")
    func examples() async throws {
        try await TestServer.run { server in
            let sockets = try await Sockets(server)
            for channel in sockets.channels {
                for name in sockets.messages(channel) where name != "media" {
                    let examples = sockets.examples(channel, name)
                    #expect(!examples.isEmpty, "\(channel).\(name)")
                    for example in examples {
                        let payload = sockets.message(channel, name)?["payload"] ?? .null
                        #expect(sockets.check.problems(example, payload, at: "\(channel).\(name)") == [])
                    }
                }
            }
        }
    }

    @Test("Every example of a client's message is taken, and answered with what is described")
    func requests() async throws {
        try await TestServer.run { server in
            _ = try await server.request("/api/presets/deep", method: "PUT", body: #"{"name": "deep"}"#)
            try await server.publishing {
                let sockets = try await Sockets(server)
                var answered = 0
                for channel in sockets.channels {
                    for (name, replies) in sockets.requests(channel) {
                        for example in sockets.examples(channel, name) {
                            let listener = try await Listener(server, sockets, channel)
                            try await listener.send(example)
                            let wanted = replies.filter { $0 != "error" }
                            if wanted.isEmpty {
                                // A client is not told that all is well; that it is not closed or blamed shows it.
                                let probe = channel == "frames" ? (#"{"type":"ping"}"#, "pong") : ("{no", "error")
                                try await listener.send(probe.0)
                                let answer = try await listener.next([probe.1])
                                #expect(answer["refused"]?.number ?? 1 == 1, "\(example)")
                            } else {
                                let answer = try await listener.next(wanted + ["error"])
                                #expect(wanted.contains(answer["type"]?.string ?? ""), "\(example): \(answer)")
                                #expect((answer["ok"] ?? answer["success"])?.bool != false, "\(example): \(answer)")
                            }
                            answered += 1
                            await listener.close()
                        }
                    }
                }
                #expect(answered >= 18)
            }
            #expect(server.engine.asked.withLock { $0.filter { $0 == "push" }.count } == 2)
        }
    }

    @Test("Every message that is described is sent, and none has a field that is not described")
    func messages() async throws {
        try await TestServer.run { server in
            try await server.publishing {
                let sockets = try await Sockets(server)
                var heard: Set<String> = []
                for (channel, requests, names) in [
                    (
                        "frames", [#"{"type":"ping"}"#, #"{"type":"subscribe","codecs":["jpeg"]}"#],
                        ["hello", "pong", "config", "media", "stats"]
                    ),
                    ("frames", [#"{"type":"subscribe","max_fps":0}"#], ["error"]),
                    ("metrics", [], ["sample"]),
                    ("state", [#"{"amplitudes":[1]}"#], ["error"]),
                    (
                        "dashboard",
                        [
                            #"{"type":"ping","client_time":1}"#, #"{"type":"pause"}"#, #"{"type":"resume"}"#,
                            #"{"type":"control_update","control":"none","value":1}"#,
                            #"{"type":"load_preset","preset":"none"}"#, #"{"type":"none"}"#, #"{"type":"get_state"}"#,
                        ], ["pong", "pause_ack", "resume_ack", "control_ack", "preset_ack"]
                    ),
                    (
                        "dashboard", [#"{"type":"none"}"#, #"{"type":"get_state"}"#],
                        ["error", "state_response", "state_sync"]
                    ),
                    (
                        "ui",
                        [
                            #"{"type":"ping"}"#, #"{"type":"none"}"#, #"{"type":"apply_preset","preset_name":"none"}"#,
                            #"{"type":"set_param","param_type":"phi","channel":9,"param":"none","value":[1]}"#,
                        ], ["state", "pong", "error"]
                    ),
                    ("ui", [#"{"type":"apply_preset","preset_name":"calm"}"#], ["preset_applied"]),
                    ("ui", [#"{"type":"set_param","param_type":"none","value":{"a":1}}"#], ["param_updated"]),
                ] as [(String, [String], [String])] {
                    let listener = try await Listener(server, sockets, channel)
                    for request in requests { try await listener.send(request) }
                    for name in names where !listener.heard.contains("\(channel).\(name)") {
                        _ = try await listener.next([name])
                    }
                    heard.formUnion(listener.heard)
                    await listener.close()
                }
                let described = sockets.channels.flatMap { channel in sockets.sent(channel).map { "\(channel).\($0)" } }
                #expect(heard == Set(described))
            }
        }
    }

    @Test("A frame is laid out as described")
    func layout() async throws {
        try await TestServer.run { server in
            try await server.publishing(bytes: 2_000) {
                let sockets = try await Sockets(server)
                let listener = try await Listener(server, sockets, "frames")
                try await listener.send(#"{"type":"subscribe","codecs":["jpeg"]}"#)
                let bytes = (try await listener.next(["media"]).array ?? []).compactMap { $0.number.map { UInt8($0) } }
                let frame = ByteBuffer(bytes: bytes)
                var figures: [String: UInt64] = [:]
                var end = 0
                for field in sockets.message("frames", "media")?["x-layout"]?.array ?? [] {
                    #expect(field["offset"]?.number == Double(end))
                    let size = try #require(["u8": 1, "u16": 2, "u32": 4, "u64": 8][field["type"]?.string ?? ""])
                    let name = try #require(field["field"]?.string)
                    let digits = try #require(frame.getBytes(at: end, length: size))
                    figures[name] = digits.reduce(0) { $0 << 8 | UInt64($1) }
                    end += size
                }
                #expect(figures["header_length"] == UInt64(end) && end == MediaHeader.length)
                #expect(figures["magic"] == 0x56 && figures["version"] == 1 && figures["type"] == 2)
                #expect(figures["width"] == 64 && figures["height"] == 36 && figures["render"] == 3_000)
                #expect(figures["readback"] == 500 && figures["encode"] == 1_200)
                #expect(figures["payload_length"] == UInt64(frame.readableBytes - end))
                #expect(figures["state_seq"] == figures["seq"].map { $0 + 7 })
                await listener.close()
            }
        }
    }

    @Test("The codes with which the server closes are described")
    func closeCodes() async throws {
        try await TestServer.run { server in
            let sockets = try await Sockets(server)
            let codes: [CloseCode] = [
                .goingAway, .protocolError, .badMessage, .unsupportedVersion, .badToken, .tooSlow, .tooLarge, .tooFast,
            ]
            let described = sockets.names(sockets.check.document["channels"]?["frames"]?["x-close-codes"])
            #expect(described == codes.map { "\($0.rawValue)" }.sorted())
        }
    }
}
