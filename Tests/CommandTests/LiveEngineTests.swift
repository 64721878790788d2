import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("serve with states from elsewhere", .serialized)
struct LiveEngineTests {
    private func push(_ json: String, _ url: URL) async throws -> LoopbackHTTP.Answer {
        try await LoopbackHTTP.request("POST", url.appending(path: "api/state"), body: Data(json.utf8))
    }

    /// Pushes until the server at `seen` shows a depth of Φ that was pushed; whether it came to that.
    private func shows(_ depth: Double, _ seen: URL, pushing url: URL) async throws -> Bool {
        try await poll(within: .seconds(40), every: .milliseconds(50)) {
            #expect(
                try await push(#"{"phi_mode": "manual", "phi_depth": \#(depth), "phi_phase": 1}"#, url).status == 200)
            let page = try await LoopbackHTTP.request("GET", seen.appending(path: "metrics"))
            let value = String(decoding: page.body, as: UTF8.self)
                .firstMatch(of: /(?m)^soundlab_phi_depth ([\d.]+)/).flatMap { Double($0.1) }
            return abs((value ?? -1) - depth) < 0.001 ? true : nil
        } ?? false
    }

    private func readiness(_ url: URL) async throws -> (status: Int, text: String) {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: "readyz"))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    @Test("what is pushed is shown; without states the server is not ready, and says why")
    func pushed() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--engine", "push"])
            let before = try await readiness(url)
            #expect(before.status == 503 && before.text.contains("No state has been pushed yet"))
            #expect(try await shows(1.25, url, pushing: url))
            let isReady = try await poll(within: .seconds(20)) {
                _ = try await push(#"{"ici": 0.5}"#, url)
                return try await readiness(url).status == 200 ? true : nil
            }
            #expect(isReady == true)
            let refused = try await push(#"{"channels": []}"#, url)
            #expect(refused.status == 400)
            #expect(String(decoding: refused.body, as: UTF8.self).contains("channels has 0 entries; give 8"))
            let isTold = try await poll(within: .seconds(20)) {
                let now = try await readiness(url)
                return now.status == 503 && now.text.contains("for 2 s") ? true : nil
            }
            #expect(isTold == true)
            await server.stop()
        }
    }

    @Test("a server that is not for it refuses states")
    func synthetic() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64"])
            let refused = try await push(#"{"ici": 0.5}"#, url)
            #expect(refused.status == 409 && String(decoding: refused.body, as: UTF8.self).contains("--engine push"))
            await server.stop()
        }
    }

    @Test("one server follows another, through its death and its return")
    func followed() async throws {
        try await withProgram { program in
            let (leader, url) = try await program.serve(["--size", "64x64", "--engine", "push"])
            let port = try #require(url.port)
            let (follower, seen) = try await program.serve([
                "--size", "64x64", "--engine", "soundlab:ws://127.0.0.1:\(port)",
            ])
            #expect(try await shows(1.25, seen, pushing: url))
            let answer = try await LoopbackHTTP.request("GET", seen.appending(path: "api/status"))
            #expect(String(decoding: answer.body, as: UTF8.self).contains("soundlab:ws://127.0.0.1:\(port)"))
            await leader.stop(signal: SIGKILL)
            let isTold = try await poll(within: .seconds(30)) {
                let now = try await readiness(seen)
                return now.status == 503 && now.text.contains("is not followed at present") ? true : nil
            }
            #expect(isTold == true)
            let next = try program.start(["serve", "--port", "\(port)", "--size", "64x64", "--engine", "push"])
            _ = try await next.captured(/(http:\/\/[^\s]+\/)\n/, within: .seconds(20))
            #expect(try await shows(0.75, seen, pushing: url))
            let isReady = try await poll(within: .seconds(20)) {
                _ = try await push(#"{"ici": 0.5}"#, url)
                return try await readiness(seen).status == 200 ? true : nil
            }
            #expect(isReady == true)
            await next.stop()
            await follower.stop()
        }
    }
}
