import Foundation
import Testing

@testable import FrameServer

/// `/api/dashboard/…` and `/ws/dashboard`.
@Suite(.timeLimit(.minutes(1)))
struct DashboardTests {
    private static let fields: Set = [
        "timestamp", "ici", "coherence", "criticality", "phi_phase", "phi_depth", "phi_breathing",
        "chromatic_enabled", "control_matrix_active", "adaptive_enabled", "adaptive_mode", "is_recording",
        "is_playing", "cluster_nodes_count",
    ]

    private func post(_ server: TestServer, _ path: String) async throws -> [String: any Sendable] {
        let reply = try await server.request("/api/dashboard/\(path)", method: "POST")
        #expect(reply.status == 200)
        return try reply.json()
    }

    @Test("State, pause, resume, latency and health over HTTP")
    func http() async throws {
        try await TestServer.run { server in
            let state = try await server.request("/api/dashboard/state").json()
            #expect(Set(state.keys) == Self.fields.union(["ok"]))
            #expect(state["ici"] as? Double == 0.25 && state["phi_depth"] as? Double == 0.75)
            #expect(state["is_playing"] as? Bool == true && state["adaptive_mode"] as? String == "fixed")
            let paused = try await post(server, "pause")
            #expect(paused["is_paused"] as? Bool == true && paused["master_time"] is Double)
            #expect(server.engine.controls.isPaused)
            #expect(try await server.request("/api/dashboard/state").json()["is_playing"] as? Bool == false)
            let health = try await server.request("/api/dashboard/sync-health").json()
            #expect(
                Set(health.keys) == [
                    "ok", "is_paused", "master_time", "recent_desyncs", "max_state_diff_ms", "avg_state_diff_ms",
                    "meets_sc004", "active_clients",
                ])
            #expect(health["is_paused"] as? Bool == true && health["active_clients"] as? Int == 0)
            let resumed = try await post(server, "resume")
            #expect(resumed["is_paused"] as? Bool == false && !server.engine.controls.isPaused)
            let latency = try await server.request("/api/dashboard/latency").json()
            #expect(
                Set(latency.keys) == [
                    "ok", "avg_latency_ms", "max_latency_ms", "min_latency_ms", "meets_sc001", "meets_fr003",
                ])
        }
    }

    @Test("Delays are of five seconds, and what is late is counted")
    func delays() {
        let delays = StateDelays()
        #expect(delays.figures(at: 0) == StateDelays.Figures())
        delays.record(500, at: 1_000_000)
        for n: UInt64 in 0..<4 { delays.record(Double(n) * 50, at: 5_000_000 + n) }
        let all = delays.figures(at: 5_500_000)
        #expect(all.most == 500 && all.least == 0 && all.late == 2 && abs(all.mean - 160) < 1e-9)
        let rest = delays.figures(at: 6_500_000)
        #expect(rest.most == 150 && rest.late == 1 && abs(rest.mean - 75) < 1e-9)
        for n: UInt64 in 0..<2_000 { delays.record(1, at: 7_000_000 + n) }
        #expect(delays.figures(at: 7_100_000).most == 1)
    }

    @Test("Nothing comes unasked; after get_state the state is pushed twenty times a second or more")
    func stream() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/dashboard")
            try await Task.sleep(for: .milliseconds(200))
            try await client.send(#"{"type":"ping","client_time":12.5}"#)
            guard case .text(let first) = try await client.next() else { throw TestSocket.Ended() }
            #expect(first.contains(#""pong""#) && first.contains("12.5"), "\(first)")
            try await client.send(#"{"type":"get_state"}"#)
            let data = try await client.text("state_response")["data"] as? [String: any Sendable]
            #expect(Set(data?.keys.map { $0 } ?? []) == Self.fields)
            let clock = ContinuousClock()
            _ = try await client.text("state_sync")
            let begin = clock.now
            for _ in 0..<30 {
                let sync = try await client.text("state_sync")
                #expect((sync["server_time"] as? Double ?? 0) > 1e12)
            }
            #expect((clock.now - begin) / .seconds(1) <= 1.5)
            #expect(try await server.request("/api/dashboard/sync-health").json()["active_clients"] as? Int == 1)
        }
    }

    @Test("Controls do what they say, and answer in order")
    func controls() async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/dashboard")
            for (control, value) in [
                ("phi_depth", "0.9"), ("phi_phase", "2.0"), ("channel_mute", #"true,"channel":3"#),
                ("channel_amplitude", #"0.125,"channel":2"#), ("recording", "true"), ("recording", "false"),
            ] {
                try await client.send(#"{"type":"control_update","control":"\#(control)","value":\#(value)}"#)
            }
            for control in ["phi_depth", "phi_phase", "channel_mute", "channel_amplitude", "recording", "recording"] {
                let answer = try await client.text("control_ack")
                #expect(answer["control"] as? String == control && answer["ok"] as? Bool == true, "\(answer)")
            }
            let controls = server.engine.controls
            #expect(controls.heldDepth == 0.9 && controls.heldPhase == 2)
            #expect(!controls.channels[3].isEnabled && controls.channels[2].amplitude == 0.125)
            #expect(await server.recorder.sessions().count == 1 && !server.recorder.report.isRecording)
            let state = try await server.request("/api/dashboard/state").json()
            #expect(state["phi_depth"] as? Double == 0.9 && state["control_matrix_active"] as? Bool == true)
            try await client.send(#"{"type":"pause"}"#)
            #expect(try await client.text("pause_ack")["master_time"] is Double)
            #expect(server.engine.controls.isPaused)
            try await client.send(#"{"type":"resume"}"#)
            _ = try await client.text("resume_ack")
            #expect(!server.engine.controls.isPaused)
            try await client.send(#"{"type":"load_preset","preset":"loud"}"#)
            let loaded = try await client.text("preset_ack")
            #expect(loaded["ok"] as? Bool == true && loaded["preset"] as? String == "loud")
            #expect(server.presets.loaded == "loud")
        }
    }

    @Test(
        "A wrong control is answered with why, and changes nothing",
        arguments: [
            #""phi_depth","value":9"#, #""phi_depth","value":"NaN""#, #""channel_mute","value":true"#,
            #""channel_amplitude","value":0.5,"channel":8"#, #""recording","value":false"#, #""x","value":1"#,
        ])
    func wrongControls(fields: String) async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/dashboard")
            let before = server.engine.controls
            try await client.send(#"{"type":"control_update","control":\#(fields)}"#)
            let answer = try await client.text("control_ack")
            #expect(answer["ok"] as? Bool == false && (answer["message"] as? String)?.hasSuffix(".") == true)
            #expect(server.engine.controls == before)
            try await client.send(#"{"type":"load_preset","preset":"../calm"}"#)
            #expect(try await client.text("preset_ack")["ok"] as? Bool == false)
            #expect(server.presets.loaded == nil)
        }
    }

    @Test(
        "What is no message is answered with an error, and the connection stays",
        arguments: ["{no", "[]", "7", "{}", #"{"type":"nonsense"}"#, #"{"type":"control_update"}"#])
    func garbage(text: String) async throws {
        try await TestServer.run { server in
            let client = try await WebSocketClient.open(server, "/ws/dashboard")
            try await client.send(text)
            #expect((try await client.text("error")["message"] as? String)?.isEmpty == false)
            try await client.send(#"{"type":"ping"}"#)
            _ = try await client.text("pong")
        }
    }

    @Test("Who lacks the token looks, and changes nothing", arguments: ["/ws/dashboard", "/ws/ui"])
    func strangers(path: String) async throws {
        let pause = #"{"type":"pause"}"#
        let set = #"{"type":"set_param","param_type":"global","param":"paused","value":true}"#
        let change = path == "/ws/ui" ? set : pause
        try await TestServer.run(authToken: "s3cret") { server in
            for client in [
                try await WebSocketClient.open(server, path),
                try await WebSocketClient.open(server, "\(path)?token=s3cre"),
            ] {
                try await client.send(change)
                #expect((try await client.text("error")["message"] as? String)?.contains("token") == true)
                try await client.send(#"{"type":"ping"}"#)
                _ = try await client.text("pong")
            }
            #expect(!server.engine.controls.isPaused)
            #expect(try await server.request("/api/dashboard/pause", method: "POST").status == 401)
            for client in [
                try await WebSocketClient.open(server, "\(path)?token=s3cret"),
                try await WebSocketClient.open(server, path, headers: ["Authorization": "Bearer s3cret"]),
            ] {
                server.engine.setPaused(false)
                try await client.send(change)
                #expect(await eventually { server.engine.controls.isPaused })
            }
        }
        try await TestServer.run(host: "0.0.0.0") { server in
            let client = try await WebSocketClient.open(server, path)
            try await client.send(change)
            #expect((try await client.text("error")["message"] as? String)?.contains("SOUNDLAB_AUTH_TOKEN") == true)
            #expect(!server.engine.controls.isPaused)
        }
        try await TestServer.run(viewToken: "look") { server in
            await #expect(throws: WebSocketClient.Refused.self) { _ = try await WebSocketClient.open(server, path) }
        }
    }
}
