import Foundation
import PhiModel
import Synchronization
import Testing

@testable import FrameServer

/// `/api/engine`, `/api/phi`, `/api/channels/{n}` and `/api/chromatic/…`.
@Suite(.timeLimit(.minutes(1)))
struct EngineRouteTests {
    private func post(_ server: TestServer, _ path: String, _ body: String) async throws -> Reply {
        try await server.request(path, method: "POST", body: body)
    }

    @Test("The engine is told and chosen; one that is not there is refused with a sentence")
    func engine() async throws {
        try await TestServer.run { server in
            let told = try await server.request("/api/engine").json()
            #expect(told["engine"] as? String == "synthetic" && told["condition"] as? String == "running")
            #expect(told.keys.contains("detail") && told["counts"] is [String: any Sendable])
            #expect(try await post(server, "/api/engine", #"{"engine":"synthetic"}"#).status == 200)
            #expect(server.engine.asked.withLock { $0 } == ["engine synthetic"])
            let refused = try await post(server, "/api/engine", #"{"engine":"warp"}"#)
            #expect(refused.status == 400)
            #expect(try refused.detail()?.contains("warp") == true)
        }
    }

    @Test("The rhythm is told as the metrics tell it where there is sound, and is null elsewhere")
    func rhythm() async throws {
        try await TestServer.run { server in
            let heard = try #require(try await server.request("/api/engine").json()["audio"] as? [String: any Sendable])
            #expect(heard["tempo_bpm"] as? Double == 120 && heard["tempo_confidence"] as? Double == 0.75)
            let client = try await WebSocketClient.open(server, "/ws/metrics")
            guard case .text(let text) = try await client.next() else { return #expect(Bool(false), "no text") }
            let metrics = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: any Sendable]
            let published = try #require(metrics?["audio"] as? [String: any Sendable])
            #expect(Set(heard.keys) == Set(published.keys))
            server.engine.hears = false
            let silent = try await server.request("/api/engine").json()
            #expect(silent["audio"] is NSNull && silent["audio_running"] as? Bool == false)
            await client.socket.close()
        }
    }

    @Test("Φ and the channels are set")
    func setting() async throws {
        try await TestServer.run { server in
            let phi = try await post(server, "/api/phi", #"{"source":"manual","depth":0.5,"phase":2}"#)
            #expect(phi.status == 200)
            let told = try phi.json()
            #expect(told["source"] as? String == "manual" && told["depth"] as? Double == 0.5)
            #expect(told["phase"] as? Double == 2)
            #expect(try await server.request("/api/phi").json()["depth"] as? Double == 0.5)
            let channel = try await post(server, "/api/channels/7", #"{"amplitude":0.25,"enabled":false}"#).json()
            #expect(channel["amplitude"] as? Double == 0.25 && channel["enabled"] as? Bool == false)
            #expect(server.engine.controls.channels[7] == .init(amplitude: 0.25, isEnabled: false))
        }
    }

    @Test(
        "A mistake is explained",
        arguments: [
            ("/api/phi", #"{"depth":7}"#), ("/api/phi", #"{"depth":"NaN"}"#), ("/api/phi", "{no"), ("/api/phi", ""),
            ("/api/channels/8", "{}"), ("/api/channels/-1", "{}"), ("/api/channels/x", "{}"),
            ("/api/channels/1", #"{"enabled":1}"#), ("/api/engine", "{}"), ("/api/engine", #"{"engine":7}"#),
            ("/api/chromatic/config/phi-rotation", "{}"), ("/api/chromatic/config/phi-breathing", #"{"enabled":1}"#),
            ("/api/chromatic/config/frequency-scale", #"{"scale":"mel"}"#),
        ])
    func mistakes(path: String, body: String) async throws {
        try await TestServer.run { server in
            let before = server.engine.controls
            let refused = try await post(server, path, body)
            #expect(refused.status == 400)
            #expect(try refused.detail()?.hasSuffix(".") == true, "\(refused.text)")
            #expect(server.engine.controls == before && server.renderer.colorRule == ColorRule())
        }
    }

    @Test("What colours follow is told and chosen, and what is drawn changes with it")
    func chromatic() async throws {
        try await TestServer.run { server in
            func hues() async throws -> [Double] {
                let state = try await server.request("/api/chromatic/state").json()
                #expect(Set(["scene", "phi_depth", "phi_breathing", "ici"]).isSubset(of: Set(state.keys)))
                let channels = state["channels"] as? [[String: any Sendable]] ?? []
                #expect(channels.allSatisfy { ($0["color"] as? String)?.hasPrefix("#") == true })
                return channels.compactMap { $0["hue"] as? Double }
            }
            let config = try await server.request("/api/chromatic/config").json()
            #expect(config["phi_rotation"] as? Bool == true && config["frequency_scale"] as? String == "log")
            let turned = try await hues()
            let base = "/api/chromatic/config"
            #expect(try await post(server, "\(base)/phi-rotation", #"{"enabled":false}"#).status == 200)
            let still = try await hues()
            // The golden angle's share of a phase of 1.5 rad.
            #expect(abs(turned[0] - still[0] - 1.5 / Angle.turn * GoldenRatio.angleDegrees) < 1e-6)
            #expect(try await post(server, "\(base)/frequency-scale", #"{"scale":"linear"}"#).status == 200)
            let linear = try await hues()
            #expect(abs(linear[0] - 12 / 5.5) < 1e-6 && abs(still[0] - linear[0]) > 10)
            #expect(try await post(server, "\(base)/phi-breathing", #"{"enabled":false}"#).status == 200)
            #expect(try await server.request("/api/chromatic/state").json()["phi_breathing"] as? Double == 0.5)
            #expect(server.renderer.colorRule == ColorRule(rotates: false, breathes: false, scale: .linear))
            let performance = try await server.request("/api/chromatic/performance").json()
            #expect(performance["target_fps"] as? Int == 60)
            let stages = try #require(performance["stages"] as? [String: any Sendable])
            #expect(stages.keys.contains("render") && stages.keys.contains("encode"))
        }
    }

    @Test(
        "Strangers change nothing",
        arguments: [
            ("/api/engine", #"{"engine":"synthetic"}"#), ("/api/phi", #"{"depth":0.5}"#),
            ("/api/channels/1", #"{"enabled":false}"#), ("/api/chromatic/config/phi-rotation", #"{"enabled":false}"#),
            ("/api/presets", #"{"name":"mine"}"#), ("/api/preset/save", #"{"name":"mine"}"#),
            ("/api/preset/apply", #"{"name":"mine"}"#), ("/api/presets/import", "[]"),
        ])
    func strangers(path: String, body: String) async throws {
        try await TestServer.run(authToken: "s3cret") { server in
            let before = server.engine.controls
            let (set, deleted) = (
                try await post(server, path, body), try await server.request("/api/presets/calm", method: "DELETE")
            )
            #expect(set.status == 401 && deleted.status == 401)
            #expect(server.engine.controls == before && server.engine.asked.withLock { $0 } == [])
            #expect(server.presets.shown == nil)
        }
    }
}
