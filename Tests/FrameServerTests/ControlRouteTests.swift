import PhiModel
import Telemetry
import Testing

@testable import FrameServer

/// The renderer's own controls: scene, transition, quality, figures over the picture.
@Suite(.timeLimit(.minutes(1)))
struct ControlRouteTests {
    private func post(_ server: TestServer, _ path: String, _ body: String) async throws -> Reply {
        try await server.request(path, method: "POST", body: body)
    }

    @Test("Scenes and transitions are listed")
    func lists() async throws {
        try await TestServer.run { server in
            let list = try await server.request("/api/scenes").json()
            #expect(list["current"] as? String == "spectral")
            #expect((list["scenes"] as? [[String: String]])?.map { $0["name"] } == ["spectral", "topology"])
            #expect(list["transitions"] as? [String] == ["cross-fade", "spiral", "dissolve"])
            #expect(list["transition_s"] as? [String: Double] == ["min": 0, "max": 5, "standard": 0.8])
        }
    }

    @Test(
        "A change of scene takes its transition along",
        arguments: [
            (#"{"scene":"topology"}"#, Transition(style: .crossFade, seconds: 0.8)),
            (#"{"scene":"topology","transition_s":0}"#, Transition(style: .crossFade, seconds: 0)),
            (#"{"scene":"topology","transition_s":5,"style":"spiral"}"#, Transition(style: .spiral, seconds: 5)),
            (#"{"scene":"topology","style":"dissolve","x":1}"#, Transition(style: .dissolve, seconds: 0.8)),
        ])
    func transitions(body: String, expected: Transition) async throws {
        try await TestServer.run { server in
            let reply = try await post(server, "/api/scene", body)
            #expect(reply.status == 200)
            #expect(server.renderer.currentScene == "topology")
            #expect(server.renderer.lastTransition == expected)
            let answer = try reply.json()
            #expect(Set(answer.keys) == ["ok", "scene", "transition_s", "style"])
            #expect(answer["ok"] as? Bool == true)
            #expect(answer["scene"] as? String == "topology")
            #expect(answer["transition_s"] as? Double == expected.seconds)
            #expect(answer["style"] as? String == expected.style.name)
        }
    }

    @Test(
        "A mistake in a change of scene is explained, and changes nothing",
        arguments: [
            (#"{"scene":"x"}"#, "spectral, topology"),
            (#"{"scene":"topology","transition_s":6}"#, "from 0 to 5"),
            (#"{"scene":"topology","transition_s":-1}"#, "from 0 to 5"),
            (#"{"scene":"topology","style":"wipe"}"#, "cross-fade, spiral, dissolve"),
            (#"{"scene":"topology","style":7}"#, "JSON"), ("{no", "JSON"), ("{}", "JSON"), ("", "JSON"),
        ])
    func sceneMistakes(body: String, says: String) async throws {
        try await TestServer.run { server in
            let refused = try await post(server, "/api/scene", body)
            #expect(refused.status == 400)
            #expect(try refused.detail()?.contains(says) == true, "\(refused.text)")
            #expect(server.renderer.currentScene == "spectral")
            #expect(server.renderer.lastTransition == .none)
        }
    }

    @Test("The quality is told, chosen, and left to the renderer")
    func quality() async throws {
        try await TestServer.run { server in
            let before = try await server.request("/api/quality").json()
            #expect(Set(before.keys) == ["ok", "quality", "mode", "reason", "levels"])
            #expect(before["quality"] as? Int == 3)
            #expect(before["mode"] as? String == "fixed")
            let levels = before["levels"] as? [[String: any Sendable]]
            #expect(levels?.map { $0["level"] as? Int } == [0, 1, 2, 3, 4, 5])
            #expect(levels?.last?["summary"] as? String == "Level 5.")

            let chosen = try await post(server, "/api/quality", #"{"quality":0}"#)
            #expect(chosen.status == 200)
            #expect(try chosen.json()["quality"] as? Int == 0)
            #expect(server.renderer.quality.level == 0 && !server.renderer.quality.isAutomatic)

            let automatic = try await post(server, "/api/quality", #"{"quality":"auto"}"#).json()
            #expect(automatic["mode"] as? String == "auto")
            #expect(server.renderer.quality.isAutomatic)
            server.renderer.move(to: 2, .overload)
            let after = try await server.request("/api/quality").json()
            #expect(after["quality"] as? Int == 2)
            #expect(after["reason"] as? String == "overload")
            let status = try await server.request("/api/status").json()
            #expect(status["quality"] as? Int == 2)
            #expect(status["quality_mode"] as? String == "auto")
            #expect(status["quality_reason"] as? String == "overload")
        }
    }

    @Test(
        "A wrong quality is explained, and changes nothing",
        arguments: ["6", "-1", "2.5", #""4""#, #""best""#, "true", "[3]"])
    func wrongQuality(value: String) async throws {
        try await TestServer.run { server in
            let refused = try await post(server, "/api/quality", #"{"quality":\#(value)}"#)
            #expect(refused.status == 400)
            #expect(try refused.detail() == #"quality must be a level from 0 to 5, or "auto"."#)
            #expect(server.renderer.quality.changes == [:])
        }
    }

    @Test("Figures over the picture are switched on and off")
    func hud() async throws {
        try await TestServer.run { server in
            #expect(try await server.request("/api/hud").json()["enabled"] as? Bool == false)
            for enabled in [true, true, false] {
                let reply = try await post(server, "/api/hud", #"{"enabled":\#(enabled)}"#)
                #expect(try reply.json()["ok"] as? Bool == true)
                #expect(try reply.json()["enabled"] as? Bool == enabled)
                #expect(server.renderer.isHUDShown == enabled)
                #expect(try await server.request("/api/hud").json()["enabled"] as? Bool == enabled)
                #expect(try await server.request("/api/status").json()["hud_enabled"] as? Bool == enabled)
            }
            for body in ["{}", #"{"enabled":1}"#, #"{"enabled":"yes"}"#, ""] {
                let refused = try await post(server, "/api/hud", body)
                #expect(refused.status == 400, "\(body)")
                #expect(try refused.detail()?.contains(#"{"enabled": true}"#) == true)
            }
        }
    }

    @Test(
        "Strangers change nothing",
        arguments: [("/api/quality", #"{"quality":0}"#), ("/api/hud", #"{"enabled":true}"#)])
    func strangers(path: String, body: String) async throws {
        try await TestServer.run(authToken: "s3cret") { server in
            let without = try await post(server, path, body)
            #expect(without.status == 401)
            let foreign = try await server.request(
                path, method: "POST",
                headers: ["Authorization": "Bearer s3cret", "Origin": "http://evil.example"], body: body)
            #expect(foreign.status == 403)
            #expect(server.renderer.quality.changes == [:] && !server.renderer.isHUDShown)
            #expect(try await server.request(path).status == 200)
            let with = try await server.request(
                path, method: "POST", headers: ["Authorization": "Bearer s3cret"], body: body)
            #expect(with.status == 200)
        }
    }

    @Test("Viewers and scrapes are told of the quality")
    func told() async throws {
        try await TestServer.run { server in
            server.renderer.setQuality(.automatic)
            server.renderer.move(to: 4, .overload)
            let scrape = try await server.request("/metrics").text
            #expect(scrape.contains("# TYPE soundlab_quality_level gauge\nsoundlab_quality_level 4\n"))
            try await server.publishing {
                let viewer = try await WebSocketClient.open(server, "/ws/frames?codec=jpeg")
                let quality = try await viewer.text("stats")["quality"] as? [String: any Sendable]
                #expect(quality?["level"] as? Int == 4)
                #expect(quality?["mode"] as? String == "auto")
                #expect(quality?["reason"] as? String == "overload")
                #expect(quality?["changes"] as? [String: Int] == ["chosen": 1, "overload": 1, "headroom": 0])
            }
        }
    }
}
