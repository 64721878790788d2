import Foundation
import Synchronization
import Testing

@testable import FrameServer

@Suite("Pushed states", .timeLimit(.minutes(1)))
struct StateRouteTests {
    private static let state = #"{"ici": 0.5, "frequencies": [1, 2, 3, 4, 5, 6, 7, 8]}"#

    private func post(_ server: TestServer, _ body: String, _ headers: [String: String] = [:]) async throws -> Reply {
        try await server.request("/api/state", method: "POST", headers: headers, body: body)
    }

    private func pushes(_ server: TestServer) -> Int {
        server.engine.asked.withLock { $0.filter { $0 == "push" }.count }
    }

    @Test("A good state is taken, a bad one is refused with its field and the reason")
    func post() async throws {
        try await TestServer.run { server in
            #expect(try await post(server, Self.state).status == 200)
            #expect(pushes(server) == 1)
            for (body, part) in [
                ("{", "valid JSON"), (#"{"ici": "NaN"}"#, "ici"), (#"{"phases": [1]}"#, "phases has 1 entries; give 8"),
                (#"{"channels": []}"#, "channels has 0 entries"), (#"{"phi_mode": "moon"}"#, "phi_mode"),
            ] {
                let refused = try await post(server, body)
                #expect(refused.status == 400)
                #expect(try refused.detail()?.contains(part) == true, "\(body)")
            }
            #expect(pushes(server) == 1)
        }
    }

    @Test("States need the token of changes, over HTTP and over WebSocket, in the header or, there, in the address")
    func tokens() async throws {
        try await TestServer.run(authToken: "s3cret") { server in
            #expect(try await post(server, Self.state).status == 401)
            #expect(try await post(server, Self.state, ["Authorization": "Bearer s3cret"]).status == 200)
            for path in ["/ws/state", "/ws/state?token=guess"] {
                var refused: WebSocketClient.Refused?
                do { _ = try await WebSocketClient.open(server, path) } catch {
                    refused = error as? WebSocketClient.Refused
                }
                #expect(refused?.head.status == 401)
            }
            _ = try await WebSocketClient.open(server, "/ws/state?token=s3cret")
            _ = try await WebSocketClient.open(server, "/ws/state", headers: ["Authorization": "Bearer s3cret"])
        }
        try await TestServer.run(host: "0.0.0.0") { server in
            var refused: WebSocketClient.Refused?
            do { _ = try await WebSocketClient.open(server, "/ws/state") } catch {
                refused = error as? WebSocketClient.Refused
            }
            #expect(refused?.head.status == 403)
        }
    }

    @Test("More than 240 states a second are taken; of many bad messages a few are answered, with their number")
    func socket() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/state")
            for _ in 0..<300 { try await client.send(Self.state) }
            #expect(try await eventually { pushes(server) == 300 })
            for _ in 0..<100 { try await client.send("nonsense") }
            let first = try await client.text("error")
            #expect((first["message"] as? String)?.contains("valid JSON") == true && first["refused"] as? Int == 1)
            // Whatever is answered next tells of those that were passed over.
            try await Task.sleep(for: .milliseconds(600))
            try await client.send(#"{"ici": []}"#)
            var answers = 1
            while true {
                let answer = try await client.text("error")
                answers += 1
                if answer["refused"] as? Int == 101 { break }
            }
            #expect(answers < 20)
        }
    }
}
