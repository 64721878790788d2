import Foundation
import ProgramHarness
import Testing

/// `smoke` and `validate`, against servers that are well and servers that are not.
@Suite(.serialized) struct SmokeTests {
    @Test func aGoodServerPasses() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "640x360"])
            let outcome = try await program.run([
                "smoke", "--url", url.absoluteString, "--json", program.path("s.json"),
            ])
            await server.stop()
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
            for name in ["health", "readiness", "version", "exporter", "websocket", "metrics", "frames"] {
                #expect(outcome.text.contains("PASS  \(name)"), "\(outcome.text)")
            }
            let report = try Report(program.path("s.json"))
            #expect(report.passed == true)
            let rate = try #require(report.figure("metrics", "rate_hz"))
            #expect((25...40).contains(rate))
            let frames = try #require(report.figure("frames", "delivered_fps"))
            #expect((25...35).contains(frames))
        }
    }

    @Test func aServerThatIsNotReadyFails() async throws {
        try await withProgram { program in
            // Nobody pushes: the engine's state is not fresh, and the picture stands still.
            let (server, url) = try await program.serve(["--size", "640x360", "--engine", "push"])
            let outcome = try await program.run(["smoke", "--url", url.absoluteString])
            await server.stop()
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("FAIL  readiness"), "\(outcome.text)")
            #expect(outcome.errors.contains("readiness"), "\(outcome.errors)")
        }
    }

    @Test func tooFewFramesASecondAreFound() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "640x360", "--fps", "20"])
            let outcome = try await program.run(["smoke", "--url", url.absoluteString])
            await server.stop()
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("FAIL  frames"), "\(outcome.text)")
        }
    }

    @Test func nobodyThereIsUnavailable() async throws {
        try await withProgram { program in
            let outcome = try await program.run(["smoke", "--url", "http://127.0.0.1:1"])
            #expect(outcome.status == 69)
            #expect(outcome.errors.hasPrefix("phi-matrix: The server at http://127.0.0.1:1 cannot be reached"))
            let wrong = try await program.run(["smoke", "--url", "127.0.0.1"])
            #expect(wrong.status == 64)
        }
    }

    @Test func aTokenIsTakenFromTheEnvironment() async throws {
        try await withProgram { program in
            let token = ["SOUNDLAB_VIEW_TOKEN": "see-1234567890"]
            let (server, url) = try await program.serve(["--size", "320x180"], environment: token)
            let without = try await program.run(["smoke", "--url", url.absoluteString])
            #expect(without.status == 1)
            #expect(without.text.contains("set SOUNDLAB_VIEW_TOKEN"), "\(without.text)")
            let with = try await program.run(["smoke", "--url", url.absoluteString], environment: token)
            await server.stop()
            #expect(with.status == 0, "\(with.text)")
        }
    }

    @Test(.timeLimit(.minutes(2))) func validateDecides() async throws {
        try await withProgram { program in
            let go = try await program.start([
                "validate", "--seconds", "35", "--json", program.path("go.json"), "--", "--size", "640x360",
            ]).finished(within: .seconds(100))
            #expect(go.status == 0, "\(go.text)\(go.errors)")
            #expect(go.text.hasSuffix("\nGO\n"))
            for gate in [
                "Health checks", "Smoke tests", "Client connections", "Metrics ≥ 25 Hz", "Latency < 100 ms", "FPS ≥ 30",
                "User flow", "No errors in logs",
            ] { #expect(go.text.contains("PASS  \(gate)"), "\(go.text)") }
            #expect(try Report(program.path("go.json")).decision == "go")
        }
    }

    @Test(.timeLimit(.minutes(2))) func validateRefusesWhatIsBad() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "640x360", "--fps", "20", "--preset", "deep"])
            let log = program.path("server.log")
            try "2026-11-27T09:00:00+0000 error phi-matrix: something broke\nall is well\n"
                .write(toFile: log, atomically: true, encoding: .utf8)
            // What was changed by hand is there again after the user's flow, and so is the preset's name.
            for (path, body) in [
                ("api/channels/3", #"{"amplitude": 0.25}"#), ("api/scene", #"{"scene": "matrix", "transition_s": 0}"#),
                ("api/phi", #"{"source": "manual", "depth": 0.75, "phase": 2}"#),
            ] {
                let answer = try await LoopbackHTTP.request(
                    "POST", url.appending(path: path), body: Data(body.utf8))
                #expect(answer.status == 200)
            }
            let outcome = try await program.start([
                "validate", "--url", url.absoluteString, "--seconds", "30", "--log", log, "--json",
                program.path("no.json"), "--flow",
            ]).finished(within: .seconds(80))
            let saved = try await LoopbackHTTP.request(
                "POST", url.appending(path: "api/preset/save"), body: Data(#"{"name": "after"}"#.utf8))
            let after = try JSONSerialization.jsonObject(with: saved.body) as? [String: Any]
            let channels = try #require(after?["channels"] as? [[String: Any]])
            #expect(channels[3]["amplitude"] as? Double == 0.25)
            #expect(after?["scene"] as? String == "matrix")
            let status = try await Self.json(url, "api/status"), phi = try await Self.json(url, "api/phi")
            #expect(status["preset_loaded"] as? String == "deep")
            #expect(phi["source"] as? String == "manual" && abs((phi["depth"] as? Double ?? 0) - 0.75) < 0.02)
            let presets = try FileManager.default.contentsOfDirectory(atPath: program.path("data/presets"))
            #expect(presets == ["after.json"])
            await server.stop()
            #expect(outcome.status == 1)
            #expect(outcome.text.hasSuffix("\nNO-GO\n"))
            for gate in ["Smoke tests", "FPS ≥ 30", "No errors in logs"] {
                #expect(outcome.text.contains("FAIL  \(gate)"), "\(outcome.text)")
            }
            #expect(outcome.text.contains("PASS  User flow"), "\(outcome.text)")
            #expect(try Report(program.path("no.json")).decision == "no-go")
        }
    }

    private static func json(_ url: URL, _ path: String) async throws -> [String: Any] {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: path))
        return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
    }

    private struct Report {
        let document: [String: Any]

        init(_ path: String) throws {
            let data = try Data(contentsOf: URL(filePath: path))
            document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }

        var passed: Bool? { document["passed"] as? Bool }
        var decision: String? { document["decision"] as? String }

        func figure(_ check: String, _ name: String) -> Double? {
            let checks = document["checks"] as? [[String: Any]]
            let figures = checks?.first { $0["name"] as? String == check }?["figures"] as? [String: Any]
            return figures?[name] as? Double
        }
    }
}
