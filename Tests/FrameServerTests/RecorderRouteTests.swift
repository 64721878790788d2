import Testing

@testable import FrameServer

/// Recording and live outputs over HTTP.
@Suite(.timeLimit(.minutes(1)))
struct RecorderRouteTests {
    @Test("A session is started, seen and stopped", arguments: ["/api/recorder", "/api/record"])
    func session(base: String) async throws {
        try await TestServer.run { server in
            let before = try await server.request("\(base)/status").json()
            #expect(before["is_recording"] as? Bool == false && before["frames"] as? Int == 0)
            #expect(before.keys.contains("session") && before.keys.contains("reason"))
            #expect(try await server.request("\(base)/stop", method: "POST").status == 409)

            let started = try await server.request("\(base)/start", method: "POST", body: #"{"name":"Rehearsal"}"#)
            #expect(started.status == 200)
            #expect(try started.json()["ok"] as? Bool == true)
            let id = try #require(try started.json()["session_id"] as? String)
            let status = try await server.request("\(base)/status").json()
            #expect(status["ok"] as? Bool == true && status["is_recording"] as? Bool == true)
            #expect(status["session"] as? String == id && status["frames"] as? Int == 90)
            #expect(status["duration"] as? Double == 1.5 && status["dropped"] as? Int == 2)
            #expect(try await server.request("/api/status").json()["is_recording"] as? Bool == true)
            #expect(try await server.request("/metrics").text.contains("\nsoundlab_recording 1\n"))
            let again = try await server.request("\(base)/start", method: "POST")
            #expect(again.status == 409)
            #expect(try again.detail()?.hasSuffix(".") == true)

            #expect(try await server.request("\(base)/stop", method: "POST").status == 200)
            #expect(try await server.request("\(base)/start", method: "POST", body: "").status == 200)
            let list = try await server.request("\(base)/sessions").json()
            #expect(list["ok"] as? Bool == true && list["count"] as? Int == 2)
            let sessions = try #require(list["sessions"] as? [[String: any Sendable]])
            #expect(sessions.map { $0["is_recording"] as? Bool } == [true, false])
            let one = try await server.request("\(base)/sessions/\(id)").json()
            #expect(one["id"] as? String == id && one["name"] as? String == "Rehearsal")
            let missing = try await server.request("\(base)/sessions/20000101_000000")
            #expect(missing.status == 404)
            #expect(try missing.detail()?.contains("no session") == true)
        }
    }

    @Test("What cannot be recorded is explained, and seen in the status")
    func failure() async throws {
        try await TestServer.run { server in
            for body in ["{", #"{"name":7}"#, "[]"] {
                let refused = try await server.request("/api/recorder/start", method: "POST", body: body)
                #expect(refused.status == 400)
                #expect(try refused.detail()?.contains("JSON") == true)
            }
            _ = try await server.request("/api/recorder/start", method: "POST")
            server.recorder.breakDown("No space is left.")
            let status = try await server.request("/api/recorder/status").json()
            #expect(status["is_recording"] as? Bool == false && status["reason"] as? String == "No space is left.")
            let refused = try await server.request("/api/recorder/start", method: "POST")
            #expect(refused.status == 507)
            #expect(try refused.detail() == "No space is left.")
            #expect(try await server.request("/healthz").status == 200)
        }
    }

    @Test("Recording is a change, and needs the token")
    func token() async throws {
        try await TestServer.run(authToken: "secret") { server in
            for path in ["/api/recorder/start", "/api/record/stop"] {
                #expect(try await server.request(path, method: "POST").status == 401)
            }
            #expect(try await server.request("/api/recorder/status").json()["is_recording"] as? Bool == false)
            let started = try await server.request(
                "/api/recorder/start", method: "POST", headers: ["Authorization": "Bearer secret"])
            #expect(started.status == 200)
        }
    }

    @Test("Outputs are in the status and in the metrics")
    func outputs() async throws {
        try await TestServer.run { server in
            let status = try await server.request("/api/status").json()
            let outputs = try #require(status["outputs"] as? [[String: any Sendable]])
            #expect(outputs.map { $0["target"] as? String } == ["srt://a:9000", "rtmp://b/live/***"])
            #expect(outputs.map { $0["state"] as? String } == ["up", "down"])
            #expect(outputs[0].keys.contains("reason") && outputs[1]["reason"] as? String == "Nobody listens.")
            #expect(outputs[0]["frames"] as? Int == 12 && outputs[0]["since"] as? Double == 1_700_000_000)
            let metrics = try await server.request("/metrics").text
            #expect(metrics.contains("\nsoundlab_output_up{target=\"srt://a:9000\"} 1\n"))
            #expect(metrics.contains("\nsoundlab_output_up{target=\"rtmp://b/live/***\"} 0\n"))
        }
    }
}
