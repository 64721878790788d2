import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct RequestIDTests {
    @Test("A plain word is taken over as the request's id, anything else is replaced by one that is made")
    func choice() {
        for sane in ["a", "abc-123_x.Y", String(repeating: "f", count: 128)] {
            #expect(RequestID([sane]).description == sane)
        }
        let odd = ["", "a b", "a\nb", "é", "a=b", "{}", String(repeating: "f", count: 129)].map { [$0] }
        for offered in odd + [[], ["a", "b"]] {
            let made = RequestID(offered).description
            #expect(made.count == 32 && made.allSatisfy(\.isHexDigit), "\(offered): \(made)")
        }
        #expect(RequestID([]) != RequestID([]))
    }

    @Test("The answer to every kind of request carries its id, and so does what is logged about it")
    func answers() async throws {
        let log = LogRecorder()
        try await TestServer.run(logger: log.logger) { server in
            for (number, path) in ["/healthz", "/nothing", "/api/scene", "/ws/metrics"].enumerated() {
                let reply = try await server.request(path, headers: ["X-Request-Id": "mine-\(number)"])
                #expect(reply.headers["x-request-id"] == "mine-\(number)", "\(path)")
                let line = log.lines.first { $0.metadata["request_id"] == "mine-\(number)" }
                #expect(line?.metadata["path"] == path)
                #expect(line?.metadata["status"] == String(reply.status))
            }
            let made = try await server.request("/healthz", headers: ["X-Request-Id": "bad id"])
            #expect(made.headers["x-request-id"]?.count == 32)
            let client = try await WebSocketClient.open(server, "/ws/metrics", headers: ["X-Request-Id": "socket"])
            #expect(client.head.headers["x-request-id"] == "socket")
            #expect(
                log.lines.contains { $0.metadata["request_id"] == "socket" && $0.metadata["path"] == "/ws/metrics" })
            do {
                _ = try await WebSocketClient.open(server, "/ws/none", headers: ["X-Request-Id": "refused"])
                Issue.record("There is no such WebSocket.")
            } catch let refused as WebSocketClient.Refused {
                #expect(refused.head.headers["x-request-id"] == "refused")
            }
        }
    }
}
