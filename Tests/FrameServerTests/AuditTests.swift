import Foundation
import Logging
import NIOCore
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct AuditTests {
    private static let tokens = (auth: "change-secret-1", view: "view-secret-2")

    private func makeLog(_ path: String) throws -> AuditLog {
        try AuditLog(path: path, registry: PrometheusRegistry(), logger: .silent)
    }

    private func lines(_ path: String) throws -> [[String: any Sendable]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: any Sendable] ?? [:]
        }
    }

    @Test("Every call that changes something is a line, let through or not, and no line holds a token")
    func calls() async throws {
        try await withScratchFile("audit.jsonl") { path in
            let log = try makeLog(path)
            try await TestServer.run(authToken: Self.tokens.auth, viewToken: Self.tokens.view, audit: log) { server in
                func post(_ token: String?, id: String, query: String = "") async throws -> Int {
                    var headers = ["X-Request-Id": id]
                    if let token { headers["Authorization"] = "Bearer \(token)" }
                    return try await server.request(
                        "/api/scene\(query)", method: "POST", headers: headers, body: #"{"scene": "topology"}"#
                    ).status
                }
                let statuses = [
                    try await post(Self.tokens.auth, id: "good"), try await post(Self.tokens.view, id: "viewer"),
                    try await post(nil, id: "nobody", query: "?token=\(Self.tokens.auth)"),
                    try await post("wrong-guess-3", id: "guess"),
                ]
                #expect(statuses == [200, 401, 401, 401])
                // Looking is not written down.
                let authorization = ["Authorization": "Bearer \(Self.tokens.auth)"]
                #expect(try await server.request("/api/scenes", headers: authorization).status == 200)
            }
            log.flush()
            let lines = try lines(path)
            #expect(lines.map { $0["request_id"] as? String } == ["good", "viewer", "nobody", "guess"])
            #expect(lines.map { $0["status"] as? Int } == [200, 401, 401, 401])
            #expect(lines.map { $0["actor"] as? String } == ["auth_token", "view_token", "local", "local"])
            for line in lines {
                #expect(Set(line.keys) == ["time", "request_id", "address", "method", "path", "status", "actor"])
                #expect(line["address"] as? String == "127.0.0.1")
                #expect(line["method"] as? String == "POST")
                #expect(line["path"] as? String == "/api/scene")
                let time = try #require(line["time"] as? String)
                let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                #expect(abs(try format.parse(time).timeIntervalSinceNow) < 30, "\(time)")
            }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for secret in [Self.tokens.auth, Self.tokens.view, "wrong-guess-3"] { #expect(!text.contains(secret)) }
        }
    }

    @Test(
        "What is changed over a WebSocket is written down by type, at most once a second, with the number of messages")
    func messages() async throws {
        try await withScratchFile("audit.jsonl") { path in
            let log = try makeLog(path)
            try await TestServer.run(authToken: Self.tokens.auth, audit: log) { server in
                let allowed = ["Authorization": "Bearer \(Self.tokens.auth)", "X-Request-Id": "knobs"]
                let client = try await WebSocketClient.open(server, "/ws/dashboard", headers: allowed)
                try await client.send(#"{"type": "ping"}"#)
                for _ in 0..<5 {
                    try await client.send(#"{"type": "control_update", "control": "phi_depth", "value": 0.5}"#)
                    _ = try await client.text("control_ack")
                }
                try await client.send(#"{"type": "pause"}"#)
                _ = try await client.text("pause_ack")
                await client.socket.close()
                let other = try await WebSocketClient.open(server, "/ws/ui", headers: ["X-Request-Id": "none"])
                try await other.send(
                    #"{"type": "set_param", "param_type": "phi", "param": "depth", "value": 0.5}"#)
                _ = try await other.text("error")
                _ = try await WebSocketClient.open(server, "/ws/state", headers: allowed)
                _ = try? await WebSocketClient.open(server, "/ws/state")
                #expect(
                    await eventually {
                        log.flush()
                        return (try? lines(path).count) == 6
                    })
            }
            let told = try lines(path).map { line in
                let action = line["action"] as? String ?? line["path"] as? String ?? "-"
                return "\(action) \(line["method"] ?? "-") \(line["status"] ?? "-") \(line["actor"] ?? "-") "
                    + "\(line["count"] ?? "-")"
            }
            #expect(
                Set(told) == [
                    "control_update WS 202 auth_token -", "control_update WS 202 auth_token 4",
                    "pause WS 202 auth_token -", "set_param WS 403 local -", "/ws/state GET 101 auth_token -",
                    "/ws/state GET 401 local -",
                ])
        }
    }

    @Test("A file that was moved away is begun anew; one that cannot be opened is refused with a sentence")
    func rotation() async throws {
        try await withScratchFile("audit.jsonl") { path in
            let log = try makeLog(path)
            func record(_ id: String) {
                log.record(
                    AuditEntry(
                        requestID: RequestID([id]), address: nil, method: "POST", path: "/api/scene?token=x",
                        status: 200, actor: .local))
            }
            record("first")
            log.flush()
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            record("second")
            log.flush()
            #expect(try lines(path + ".1").map { $0["request_id"] as? String } == ["first"])
            #expect(try lines(path).map { $0["request_id"] as? String } == ["second"])
            #expect(try lines(path).first?["path"] as? String == "/api/scene")
            do {
                _ = try makeLog(path + "/below")
                Issue.record("A file is no folder.")
            } catch let error as AuditLog.Unwritable {
                #expect("\(error)".contains("SOUNDLAB_AUDIT_LOG"))
            }
        }
    }

    @Test("Lines that cannot be written are counted, and said once")
    func fullDisk() throws {
        let registry = PrometheusRegistry()
        let recorder = LogRecorder()
        let log = try AuditLog(path: "/dev/full", registry: registry, logger: recorder.logger)
        for _ in 0..<3 {
            log.record(
                AuditEntry(
                    requestID: RequestID([]), address: nil, method: "POST", path: "/", status: 200, actor: .local))
        }
        log.flush()
        #expect(registry.render().contains("soundlab_audit_lost_total 3\n"))
        #expect(recorder.lines.count == 1 && recorder.lines[0].level == .error)
    }
}
