import Foundation
import ProgramHarness
import Testing

@Suite("profile and audit", .serialized)
struct ProfileCommandTests {
    @Test("tell what the server runs with and who changed something, and never a token")
    func profile() async throws {
        try await withProgram { program in
            let configuration = program.folder.appending(path: "data/config")
            try FileManager.default.createDirectory(at: configuration, withIntermediateDirectories: true)
            try Data("max_connections: 12\nlog_level: debug\n".utf8).write(
                to: configuration.appending(path: "phi-matrix.yaml"))
            let (server, url) = try await program.serve(
                ["--size", "64x64", "--host", "127.0.0.1"],
                environment: [
                    "SOUNDLAB_AUTH_TOKEN": "very-secret-word", "SOUNDLAB_MAX_CONNECTIONS_PER_IP": "3",
                    "SOUNDLAB_AUDIT_LOG": program.path("audit.jsonl"), "SOUNDLAB_LOG_FORMAT": "json",
                ])
            let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/profile"))
            let profile = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
            let settings = try #require(profile["settings"] as? [String: [String: Any]])
            func told(_ key: String) -> String {
                "\(settings[key]?["value"] ?? "-") \(settings[key]?["source"] ?? "-")"
            }
            #expect(told("auth_token") == "******** environment")
            #expect(told("max_connections") == "12 file")
            #expect(told("max_connections_per_ip") == "3 environment")
            #expect(told("host") == "127.0.0.1 flag")
            #expect(told("log_level") == "debug file")
            #expect(told("size") == "64x64 flag")
            #expect(told("fps") == "60 default")
            #expect(told("data_dir") == "\(program.path("data")) environment")
            #expect(profile["commit"] as? String != "")
            // Refused, and written down.
            let change = try await LoopbackHTTP.request(
                "POST", url.appending(path: "api/scene"), body: Data(#"{"scene":"topology"}"#.utf8))
            #expect(change.status == 401)
            let outcome = try #require(await server.stop())
            #expect(outcome.status == 0)
            let audit = try String(contentsOfFile: program.path("audit.jsonl"), encoding: .utf8)
            #expect(audit.contains(#""path":"/api/scene""#) && audit.contains(#""status":401"#), "\(audit)")
            #expect(outcome.errors.contains(#""request_id":"#))
            for text in [audit, outcome.errors, outcome.text, String(decoding: answer.body, as: UTF8.self)] {
                #expect(!text.contains("very-secret-word"))
            }
        }
    }
}
