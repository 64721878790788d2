import Foundation
import Fuzz
import Logging
import NIOCore
import Synchronization
import Testing

@testable import FrameServer

/// Every route and every WebSocket that takes orders, over sockets, with what breaks parsers and decoders.
@Suite(.timeLimit(.minutes(25)), .serialized)
struct RequestFuzzTests {
    /// What is asked for, and a body that the route takes; nil for none.
    private static let requests: [(String, String?)] = [
        ("POST /api/scene", #"{"scene":"topology","transition_s":1,"style":"spiral"}"#),
        ("POST /api/engine", #"{"engine":"synthetic"}"#),
        ("POST /api/phi", #"{"source":"manual","depth":0.9,"phase":1.5,"frequency":0.1}"#),
        ("POST /api/channels/3", #"{"amplitude":0.5,"enabled":true}"#), ("POST /api/quality", #"{"quality":"auto"}"#),
        ("POST /api/quality", #"{"quality":3}"#), ("POST /api/hud", #"{"enabled":true}"#),
        ("POST /api/state", #"{"timestamp":1.5,"frequencies":[1,2,3,4,5,6,7,8],"ici":0.5,"phi_depth":1}"#),
        (
            "POST /api/presets?collision=overwrite",
            #"{"name":"mine","scene":"topology","phi":{"depth":1.2},"tags":["a"]}"#
        ),
        ("PUT /api/presets/mine", #"{"name":"mine","scene":"spectral","color":{"saturation":0.5}}"#),
        ("DELETE /api/presets/mine", nil), ("GET /api/presets?search=a&tag=calmer", nil),
        ("GET /api/presets/calm", nil), ("POST /api/preset/load", #"{"preset_id":"calm","transition_s":0.5}"#),
        ("POST /api/preset/save", #"{"name":"my look","tags":["calm"]}"#),
        ("POST /api/preset/apply", #"{"name":"x","phi":{"depth":0.5}}"#),
        ("POST /api/presets/export", #"{"ids":["calm","loud"]}"#),
        ("POST /api/presets/import?dry_run=true", #"{"presets":[{"name":"b","scene":"topology"}]}"#),
        ("POST /api/presets/compare", #"{"a":"calm","b":"loud"}"#),
        ("POST /api/recorder/start", #"{"name":"take one"}"#), ("POST /api/recorder/stop", "{}"),
        ("GET /api/recorder/sessions/20260101_120000", nil), ("POST /api/dashboard/pause", nil),
        ("POST /api/chromatic/config/frequency-scale", #"{"scale":"linear"}"#),
        ("POST /api/chromatic/config/phi-rotation", #"{"enabled":true}"#), ("GET /api/status", nil),
        ("GET /metrics", nil),
        ("GET /snapshot.jpg?quality=80", nil), ("GET /version", nil), ("GET /", nil),
    ]

    @Test("Damaged requests and bodies on every route: answered properly, never with a failure of the server")
    func requests() async throws {
        let run = FuzzRun("requests", seed: 61)
        var timings = ServerTimings()
        timings.firstRequest = .milliseconds(700)
        // Of one input alone, everything may be read.
        let logger = FuzzRun.isWhole ? Logger.silent : Logger(label: "fuzz")
        try await TestServer.run(limits: .init(connections: 500), timings: timings, logger: logger) { server in
            let port = server.port
            let report = try await Self.inThreads(run, short: 2_500) { n in
                var random = run.numbers(n)
                let connection = try RawConnection(port)
                let request = Self.request(port, &random)
                connection.send(request)
                connection.finishSending()
                let bytes = connection.receiveAll()
                // An answer to nothing whole is none.
                guard !bytes.isEmpty else { return false }
                let answer = HTTPAnswer(bytes)
                if !answer.isProper {
                    Issue.record(
                        "input \(n): \(String(decoding: request + bytes.prefix(2_000), as: UTF8.self))")
                }
                return (200..<300).contains(answer.status)
            }
            run.tell(report)
            #expect(
                !FuzzRun.isWhole || report.accepted > report.count / 20 && report.refused > report.count / 20,
                "\(report)")
            #expect(try await server.request("/healthz").status == 200)
        }
    }

    @Test(
        "A body that breaks off in the middle of its own form is the client's fault, and told so",
        arguments: ["zz\r\n", "2\r\n{}x\r\n"])
    func brokenBody(_ rest: String) async throws {
        try await TestServer.run { server in
            let connection = try RawConnection(server.port)
            connection.send(
                "POST /api/scene HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\(rest)0\r\n\r\n".utf8
            )
            connection.finishSending()
            let answer = HTTPAnswer(connection.receiveAll())
            #expect(answer.status == 400 && answer.isProper)
        }
    }

    private static func request(_ port: Int, _ random: inout FuzzNumbers) -> [UInt8] {
        let (line, body) = random.one(of: requests)
        var head = "\(line) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        var content = body.map { Array($0.utf8) } ?? []
        if let body, random.chance(75) { content = Damage.json(body, using: &random) }
        if random.chance(10) {
            head += "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
            let size = String(content.count, radix: 16)
            content = Array("\(size)\r\n".utf8) + content + Array("\r\n0\r\n\r\n".utf8)
        } else {
            head += "Content-Type: application/json\r\nContent-Length: \(content.count)\r\n\r\n"
        }
        var bytes = Array(head.utf8)
        if random.chance(25) { bytes = Damage.bytes(bytes, using: &random) }
        return bytes + content
    }

    private static let orders: [String: [String]] = [
        "/ws/dashboard": [
            #"{"type":"ping","client_time":1234.5}"#, #"{"type":"get_state"}"#, #"{"type":"pause"}"#,
            #"{"type":"resume"}"#,
            #"{"type":"control_update","control":"phi_depth","value":0.5}"#,
            #"{"type":"control_update","control":"channel_amplitude","value":0.5,"channel":3}"#,
            #"{"type":"load_preset","preset":"calm"}"#,
        ],
        "/ws/ui": [
            #"{"type":"get_state"}"#, #"{"type":"ping"}"#,
            #"{"type":"set_param","param_type":"channel","channel":3,"param":"amplitude","value":0.5}"#,
            #"{"type":"set_param","param_type":"global","param":"quality","value":"auto"}"#,
            #"{"type":"set_param","param_type":"phi","param":"depth","value":1}"#,
            #"{"type":"apply_preset","preset_name":"calm","parameters":{"phi":{"depth":0.5},"scene":"topology"}}"#,
        ],
        "/ws/state": [#"{"timestamp":1.5,"frequencies":[1,2,3,4,5,6,7,8],"ici":0.5,"phi_depth":1}"#],
    ]

    @Test(
        "Damaged orders over WebSockets: each connection still answers",
        arguments: ["/ws/dashboard", "/ws/ui", "/ws/state"])
    func orders(_ path: String) async throws {
        let messages = Self.orders[path] ?? []
        let run = FuzzRun("orders" + path.replacing("/", with: "-"), seed: 62)
        var timings = ServerTimings()
        timings.messagesPerSecond = 1_000_000
        // Twenty to a connection, so that what one leaves behind meets the next.
        let batch = 20
        try await TestServer.run(limits: .init(connections: 500), timings: timings) { server in
            let port = server.port
            let report = try await Self.inThreads(run, short: 2_000, step: batch) { n in
                var random = run.numbers(n)
                let connection = try RawConnection(port)
                connection.send(RawConnection.handshake(port, path).utf8)
                guard !connection.receive().isEmpty else { return false }
                var bytes: [UInt8] = []
                for _ in 0..<batch { bytes += Mutation.whole(Damage.json(random.one(of: messages), using: &random)) }
                connection.send(bytes)
                connection.send([0x89, 0x84, 0, 0, 0, 0] + Array("over".utf8))
                var answer: [UInt8] = []
                while !answer.contains(pong), case let more = connection.receive(), !more.isEmpty { answer += more }
                let isAnswered = answer.contains(pong)
                if !isAnswered {
                    Issue.record(
                        "inputs from \(n): no answer, but \(String(decoding: answer.suffix(300), as: UTF8.self))")
                }
                return isAnswered
            }
            run.tell(report)
            #expect(try await server.request("/healthz").status == 200)
        }
    }

    /// Hands out the numbers of a run to threads, until they are through or the time is up.
    private static func inThreads(
        _ run: FuzzRun, short: Int, step: Int = 1, _ body: @escaping @Sendable (Int) throws -> Bool
    ) async throws -> FuzzRun.Report {
        let inputs = FuzzRun.inputs(short)
        let start = ContinuousClock.now, counts = Mutex(FuzzRun.Report())
        _ = try await onThreads(8, count: (inputs.count + step - 1) / step) { k in
            if FuzzRun.isLong, ContinuousClock.now - start > .seconds(FuzzRun.limit) { return }
            let isAccepted = try body(inputs.lowerBound + k * step)
            counts.withLock { if isAccepted { $0.accepted += step } else { $0.refused += step } }
        }
        var report = counts.withLock { $0 }
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        return report
    }
}

/// The answer to the ping that ends a batch.
private let pong: [UInt8] = [0x8A, 0x04] + Array("over".utf8)
