import PhiModel
import Testing

@testable import FrameServer

/// Presets over HTTP.
@Suite(.timeLimit(.minutes(1)))
struct PresetRouteTests {
    private func list(_ server: TestServer, _ query: String) async throws -> [String] {
        let reply = try await server.request("/api/presets\(query)")
        #expect(reply.status == 200)
        return try reply.list().compactMap { $0["id"] as? String }
    }

    @Test("Presets are listed, and found by words and tags")
    func lists() async throws {
        try await TestServer.run { server in
            #expect(try await list(server, "") == ["broken", "calm", "loud"])
            #expect(try await list(server, "?limit=1") == ["broken"])
            #expect(try await list(server, "?limit=0") == [])
            #expect(try await list(server, "?query=LOU") == ["loud"])
            #expect(try await list(server, "?tag=calmer") == ["calm"])
            #expect(try await list(server, "?tag=calmer&query=loud") == [])
            let all = try await server.request("/api/presets").list()
            #expect((all.first?["problems"] as? [String])?.first?.contains("phi.depth") == true)
            let first = all[1]
            #expect(first["problems"] as? [String] == [] && first["read_only"] as? Bool == true)
            #expect(first["name"] as? String == "calm" && first["scene"] as? String == "topology")
            #expect(first["tags"] as? [String] == ["calmer"] && first["description"] as? String == "")
            for limit in ["-1", "many", ""] {
                #expect(try await server.request("/api/presets?limit=\(limit)").status == 400)
            }
        }
    }

    @Test("One preset is told as its file has it")
    func detail() async throws {
        try await TestServer.run { server in
            let preset = try await server.request("/api/presets/loud").json()
            #expect(preset["id"] as? String == "loud" && preset["scene"] as? String == "topology")
            #expect((preset["phi"] as? [String: Any])?["depth"] as? Double == 1.2)
        }
    }

    @Test("A preset is loaded, and the status tells which")
    func load() async throws {
        try await TestServer.run { server in
            let before = try await server.request("/api/status").json()
            #expect(before["preset_loaded"] as? String == nil && before.keys.contains("preset_loaded"))
            let reply = try await server.request(
                "/api/preset/load", method: "POST", body: #"{"preset_id":"loud","transition_s":2.5}"#)
            #expect(reply.status == 200)
            let answer = try reply.json()
            #expect(answer["ok"] as? Bool == true && answer["preset"] as? String == "loud")
            #expect(answer["scene"] as? String == "topology" && answer["style"] as? String == "spiral")
            #expect(answer["transition_s"] as? Double == 2.5)
            #expect(try await server.request("/api/status").json()["preset_loaded"] as? String == "loud")
        }
    }

    @Test(
        "A mistake is explained, and the preset that runs stays",
        arguments: [
            (#"{"preset_id":"quiet"}"#, 404, "calm, loud"), (#"{"preset_id":"../calm"}"#, 404, "calm, loud"),
            (#"{"preset_id":"broken"}"#, 422, "phi.depth"), (#"{"preset_id":"loud","transition_s":9}"#, 400, "0 to 5"),
            (#"{"preset_id":7}"#, 400, "JSON"), ("{}", 400, "JSON"), ("", 400, "JSON"), ("{no", 400, "JSON"),
        ])
    func mistakes(body: String, status: Int, says: String) async throws {
        try await TestServer.run { server in
            _ = try await server.request("/api/preset/load", method: "POST", body: #"{"preset_id":"calm"}"#)
            let refused = try await server.request("/api/preset/load", method: "POST", body: body)
            #expect(refused.status == status)
            #expect(refused.text.contains(says), "\(refused.text)")
            #expect(try await server.request("/api/status").json()["preset_loaded"] as? String == "calm")
        }
    }

    @Test("A preset that is not there or broken is told so", arguments: [("quiet", 404), ("broken", 422)])
    func missing(id: String, status: Int) async throws {
        try await TestServer.run { server in
            let reply = try await server.request("/api/presets/\(id)")
            #expect(reply.status == status)
        }
    }
}
