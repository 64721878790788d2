import PhiModel
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct ProfileTests {
    @Test("The profile shows values with their sources, and of secrets whether they are set")
    func profile() async throws {
        let entries = [
            ProfileEntry(key: "port", value: .number(8_000), source: .flag),
            ProfileEntry(key: "auth_token", isSecretSet: true, source: .environment),
            ProfileEntry(key: "view_token", isSecretSet: false, source: .standard),
            ProfileEntry(
                key: "engine", value: .string("soundlab:ws://me:hidden@host:1/?token=hush&x=1"), source: .file),
        ]
        try await TestServer.run(profile: entries) { server in
            let reply = try await server.request("/api/profile")
            #expect(reply.status == 200)
            #expect(!reply.text.contains("hidden") && !reply.text.contains("hush"))
            let settings = try #require(try reply.json()["settings"] as? [String: [String: any Sendable]])
            #expect(settings["port"]?["value"] as? Int == 8_000)
            #expect(settings["port"]?["source"] as? String == "flag")
            #expect(settings["auth_token"]?["value"] as? String == "********")
            #expect(settings["auth_token"]?["source"] as? String == "environment")
            #expect(settings["view_token"]?.keys.contains("value") == true)
            #expect(settings["view_token"]?["value"] as? String == nil)
            #expect(settings["view_token"]?["source"] as? String == "default")
            #expect(settings["engine"]?["value"] as? String == "soundlab:ws://********@host:1/?token=********&x=1")
        }
    }
}
