import NIOCore
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct AccessTests {
    private func refusal(
        _ server: TestServer, _ path: String, headers: [String: String] = [:]
    ) async throws -> WebSocketClient.Refused? {
        do {
            _ = try await WebSocketClient.open(server, path, headers: headers)
            return nil
        } catch let refused as WebSocketClient.Refused {
            return refused
        }
    }

    @Test("A foreign page is refused before the upgrade; the own page and listed ones are let in")
    func origins() async throws {
        try await TestServer.run(allowedOrigins: ["https://studio.example"]) { server in
            let own = "http://127.0.0.1:\(server.port)"
            for origin in [own, own.uppercased(), "https://studio.example", "https://studio.example:443"] {
                #expect(try await refusal(server, "/ws/frames", headers: ["Origin": origin]) == nil)
            }
            let foreign = [
                "http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1",
                "http://127.0.0.1:\(server.port).evil.example", "https://studio.example.evil",
                "http://user@127.0.0.1:\(server.port)",
            ]
            for origin in foreign {
                let refused = try #require(try await refusal(server, "/ws/metrics", headers: ["Origin": origin]))
                #expect(refused.head.status == 403)
                #expect(refused.body.contains("detail"))
            }
        }
    }

    @Test("A change from a foreign page is refused")
    func foreignPost() async throws {
        try await TestServer.run { server in
            let body = #"{"scene":"topology"}"#
            let foreign = try await server.request(
                "/api/scene", method: "POST", headers: ["Origin": "http://evil.example"], body: body)
            #expect(foreign.status == 403)
            #expect(server.renderer.currentScene == "spectral")
            let own = try await server.request(
                "/api/scene", method: "POST", headers: ["Origin": "http://127.0.0.1:\(server.port)"], body: body)
            #expect(own.status == 200)
        }
    }

    @Test("Over the limit there is 503 with Retry-After, and a place that is left is free again")
    func limit() async throws {
        try await TestServer.run(limits: .init(connections: 2)) { server in
            let one = try await WebSocketClient.open(server, "/ws/frames")
            let two = try await WebSocketClient.open(server, "/ws/metrics")
            let refused = try #require(try await refusal(server, "/ws/frames"))
            #expect(refused.head.status == 503)
            #expect(refused.head.headers["retry-after"].flatMap(Int.init) ?? 0 > 0)
            #expect(try await server.request("/stream.mjpg").status == 503)
            #expect(try await server.request("/healthz").status == 200)
            await one.socket.close()
            #expect(try await eventually { try await refusal(server, "/ws/frames") == nil })
            await two.socket.close()
        }
    }

    @Test("The limit for one address counts each address by itself, and loopback not at all")
    func perAddress() throws {
        let control = AdmissionControl(limits: .init(connections: 5, connectionsPerAddress: 2))
        let far = try SocketAddress(ipAddress: "192.0.2.1", port: 1)
        let mapped = try SocketAddress(ipAddress: "::ffff:192.0.2.1", port: 2)
        let other = try SocketAddress(ipAddress: "192.0.2.2", port: 1)
        let home = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        let first = try #require(control.admit(far))
        #expect(control.admit(mapped) != nil)
        #expect(control.admit(far) == nil)
        #expect(control.admit(other) != nil)
        #expect(control.admit(home) != nil)
        #expect(control.admit(home) != nil)
        #expect(control.admit(home) == nil, "all places are taken")
        first.end()
        first.end()
        #expect(control.admit(far) != nil)
        #expect(control.admit(home) == nil, "a place was given back once only")
    }

    @Test("Limits, origins and tokens that are changed hold from then on, and nobody loses a place")
    func changes() throws {
        let control = AdmissionControl(limits: .init(connections: 2, connectionsPerAddress: 2))
        let home = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        let first = control.admit(home), second = control.admit(home)
        #expect(first != nil && second != nil && control.admit(home) == nil)
        control.update(limits: .init(connections: 1, connectionsPerAddress: 2))
        #expect(control.count == 2)
        first?.end()
        #expect(control.admit(home) == nil)
        control.update(limits: .init(connections: 3, connectionsPerAddress: 2))
        #expect(control.admit(home) != nil)

        let origins = OriginPolicy(allowed: ["https://a.example"])
        origins.update(allowed: ["https://B.example:443"])
        #expect(!origins.allows(origins: ["https://a.example"], hosts: ["x"]))
        #expect(origins.allows(origins: ["https://b.example"], hosts: ["x"]))

        let tokens = AccessTokens(host: "0.0.0.0", auth: "old", view: nil)
        tokens.update(auth: "new", view: "look")
        #expect(tokens.change(["old"], Addressing(hosts: [], isForwarded: false)) == .unauthorized)
        #expect(tokens.change(["new"], Addressing(hosts: [], isForwarded: false)) == .allowed)
        #expect(!tokens.mayView(["old"]) && tokens.mayView(["look"]))
    }

    @Test("Unknown paths, versions and half upgrades are answered in words")
    func badUpgrades() async throws {
        try await TestServer.run { server in
            #expect(try await refusal(server, "/ws/nothing")?.head.status == 404)
            #expect(try await refusal(server, "/ws/frames/")?.head.status == 404)
            #expect(try await server.request("/ws/frames").status == 426)
            let old = try await server.request(
                "/ws/frames",
                headers: [
                    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "a",
                    "Sec-WebSocket-Version": "8",
                ])
            #expect(old.status == 426)
            #expect(old.headers["sec-websocket-version"] == "13")
            let keyless = try await server.request(
                "/ws/frames", headers: ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"])
            #expect(keyless.status == 400)
            #expect(try await server.request("/healthz", headers: ["Upgrade": "h2c"]).status == 200)
        }
    }
}
