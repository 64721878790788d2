import Foundation
import PhiModel
import Testing

@testable import FrameServer

/// Presets that are kept, changed, carried and compared over HTTP.
@Suite(.timeLimit(.minutes(1)))
struct PresetStoreRouteTests {
    @Test("A preset is made, read, replaced and deleted")
    func life() async throws {
        try await TestServer.run { server in
            let made = try await server.request(
                "/api/presets", method: "POST", body: #"{"name":"mine","phi":{"depth":0.5}}"#)
            #expect(made.status == 201)
            #expect(try made.json()["id"] as? String == "mine")
            let again = try await server.request(
                "/api/presets?collision=prompt", method: "POST", body: #"{"name":"mine"}"#)
            #expect(again.status == 409)
            let over = try await server.request(
                "/api/presets?collision=overwrite", method: "POST", body: #"{"name":"mine","scene":"field"}"#)
            #expect(over.status == 200)
            #expect(try over.json()["action"] as? String == "overwritten")
            let put = try await server.request(
                "/api/presets/my%20look", method: "PUT", body: #"{"name":"my look","phi":{"depth":1}}"#)
            #expect(put.status == 200)
            #expect(try put.json()["id"] as? String == "my look")
            #expect(try await server.request("/api/presets/my%20look").status == 200)
            #expect(try await server.request("/api/presets/my%20look", method: "DELETE").status == 200)
            #expect(try await server.request("/api/presets/my%20look").status == 404)
            #expect(try await server.request("/api/presets/calm", method: "DELETE").status == 403)
            let wrong = try await server.request("/api/presets/calm", method: "PATCH")
            #expect(wrong.status == 405 && wrong.headers["allow"]?.contains("PUT") == true)
        }
    }

    @Test("A preset may be called like what is done with presets", arguments: ["export", "import", "compare"])
    func namesOfActions(name: String) async throws {
        try await TestServer.run { server in
            let made = try await server.request("/api/presets", method: "POST", body: #"{"name":"\#(name)"}"#)
            #expect(made.status == 201)
            #expect(try await server.request("/api/presets/\(name)").json()["id"] as? String == name)
            let put = try await server.request("/api/presets/\(name)", method: "PUT", body: #"{"name":"\#(name)"}"#)
            #expect(put.status == 200)
            #expect(try await server.request("/api/presets/\(name)", method: "DELETE").json()["id"] as? String == name)
            #expect(try await server.request("/api/presets/\(name)").status == 404)
            let wrong = try await server.request("/api/presets/\(name)", method: "PATCH")
            #expect(wrong.status == 405 && wrong.headers["allow"] == "POST, GET, HEAD, PUT, DELETE")
        }
    }

    @Test(
        "A mistake is explained",
        arguments: [
            ("POST", "/api/presets", "{not json", 400), ("POST", "/api/presets", "7", 400),
            ("POST", "/api/presets", "", 400), ("POST", "/api/presets", "{}", 422),
            ("POST", "/api/presets", #"{"name":7}"#, 422), ("POST", "/api/presets", #"{"name":"../x"}"#, 422),
            ("POST", "/api/presets", #"{"name":"x","phi":{"depth":99}}"#, 422),
            ("POST", "/api/presets", #"{"name":"x","phi":{"depth":"NaN"}}"#, 422),
            ("POST", "/api/presets?collision=maybe", #"{"name":"x"}"#, 400),
            ("PUT", "/api/presets/..%2fx", #"{"name":"x"}"#, 400), ("PUT", "/api/presets/x", "{", 400),
            ("PUT", "/api/presets/%ff", #"{"name":"x"}"#, 400), ("DELETE", "/api/presets/..%2fx", "", 404),
            ("POST", "/api/presets/import", #"{"x":1}"#, 400),
            ("POST", "/api/presets/import?dry_run=perhaps", "[]", 400),
            ("POST", "/api/presets/export", #"{"ids":["quiet"]}"#, 404),
            ("POST", "/api/presets/export", #"{"ids":7}"#, 400),
            ("POST", "/api/presets/compare", #"{"a":"calm"}"#, 400),
            ("POST", "/api/presets/compare", #"{"a":"calm","b":"quiet"}"#, 404),
            ("POST", "/api/preset/save", "{}", 400), ("POST", "/api/preset/save", #"{"name":"a/b"}"#, 422),
            ("POST", "/api/preset/apply", #"{"name":"x","scene":7}"#, 422),
            ("POST", "/api/preset/apply", #"{"name":"x","transition_s":9}"#, 400),
        ])
    func mistakes(method: String, path: String, body: String, status: Int) async throws {
        try await TestServer.run { server in
            let reply = try await server.request(path, method: method, body: body)
            #expect(reply.status == status, "\(reply.text)")
            #expect(try reply.detail()?.hasSuffix(".") == true, "\(reply.text)")
            #expect(try await server.request("/api/presets").list().count == 3)
            #expect(server.presets.shown == nil)
        }
    }

    @Test(
        "A body that is too long is refused", arguments: ["/api/presets", "/api/presets/import", "/api/preset/apply"])
    func long(path: String) async throws {
        try await TestServer.run { server in
            let body = "{" + String(repeating: " ", count: 1 << 20) + "}"
            let refused = try await server.request(path, method: "POST", body: body)
            #expect(refused.status == 413)
        }
    }

    @Test("What runs is kept as a preset, and a preset that is not kept is applied")
    func running() async throws {
        try await TestServer.run { server in
            let saved = try await server.request(
                "/api/preset/save", method: "POST", body: #"{"name":"now","tags":["a"],"description":"As it is."}"#)
            #expect(saved.status == 201)
            let kept = try await server.request("/api/presets/now").json()
            #expect(kept["scene"] as? String == "spectral" && kept["tags"] as? [String] == ["a"])
            for body in [
                #"{"name":"try","scene":"matrix"}"#, #"{"preset":{"name":"try","scene":"matrix"},"transition_s":2}"#,
            ] {
                let applied = try await server.request("/api/preset/apply", method: "POST", body: body)
                #expect(applied.status == 200)
                #expect(server.presets.shown?.name == "try" && server.presets.loaded == nil)
                #expect(try applied.json()["transition_s"] as? Double == (body.contains("_s") ? 2 : 0.5))
            }
        }
    }

    @Test("Presets are exported, imported, tried and compared")
    func exchange() async throws {
        try await TestServer.run { server in
            let all = try await server.request("/api/presets/export", method: "POST")
            #expect((try all.json()["presets"] as? [any Sendable])?.count == 2)
            let one = try await server.request("/api/presets/export", method: "POST", body: #"{"ids":["calm"]}"#)
            #expect(one.text.contains("calm") && !one.text.contains("loud"))
            let bundle = #"{"presets":[{"name":"new","scene":"field"},{"name":"../"}]}"#
            for (query, count) in [("?dry_run", 3), ("?dry_run=true", 3), ("?dry_run=0", 4)] {
                let reply = try await server.request("/api/presets/import\(query)", method: "POST", body: bundle)
                let answer = try reply.json()
                #expect(answer["ok"] as? Bool == false && answer["dry_run"] as? Bool == (count == 3))
                #expect(answer["imported"] as? Int == 1 && answer["skipped"] as? Int == 1)
                #expect(try await server.request("/api/presets").list().count == count)
            }
            let reply = try await server.request(
                "/api/presets/compare", method: "POST", body: #"{"a":"calm","b":"new"}"#)
            let differences = try reply.json()["differences"] as? [[String: any Sendable]] ?? []
            #expect(differences.compactMap { $0["field"] as? String } == ["phi.depth", "scene", "tags"])
            #expect(differences[1]["a"] as? String == "topology" && differences[1]["b"] as? String == "field")
            #expect(differences[0]["a"] as? Double == 1.2 && differences[0].keys.contains("b"))
        }
    }
}
