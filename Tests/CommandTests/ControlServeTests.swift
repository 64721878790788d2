import Foundation
import ProgramHarness
import Testing

/// The real program under the control of clients: engine, Φ, channels, colours, presets.
@Suite("serve that is controlled", .serialized)
struct ControlServeTests {
    private func call(
        _ method: String, _ url: URL, _ path: String, _ body: String? = nil, status: Int = 200
    ) async throws -> [String: Any] {
        let answer = try await LoopbackHTTP.request(
            method, url.appending(path: path), body: body.map { Data($0.utf8) })
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == status, "\(path): \(text)")
        return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
    }

    /// Where a person's own preset is, in a folder that is there.
    private func presetFile(_ name: String, of program: PhiMatrixProgram) throws -> URL {
        let folder = program.folder.appending(path: "data/presets")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: "\(name).json")
    }

    @Test("the engine is exchanged, and a missing file is told")
    func engine() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64"])
            #expect(try await call("GET", url, "api/engine")["condition"] as? String == "running")
            let refused = try await call(
                "POST", url, "api/engine", #"{"engine": "audio:/nowhere.ogg"}"#, status: 400)
            #expect((refused["detail"] as? String)?.contains("does not exist") == true)
            _ = try await call("POST", url, "api/engine", #"{"engine": "synthetic"}"#)
            #expect(try await call("GET", url, "api/engine")["is_fresh"] as? Bool == true)
            await server.stop()
        }
    }

    @Test("Φ, channels and pause reach the engine")
    func phi() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64"])
            _ = try await call("POST", url, "api/phi", #"{"source": "manual", "depth": 1.5, "phase": 1}"#)
            let reached = try await poll(within: .seconds(10)) {
                let state = try await call("GET", url, "api/chromatic/state")
                let depth = try #require(state["phi_depth"] as? Double)
                return abs(depth - 1.5) < 0.01 ? true : nil
            }
            #expect(reached == true)
            _ = try await call("POST", url, "api/channels/2", #"{"enabled": false}"#)
            let muted = try await poll(within: .seconds(10)) {
                let state = try await call("GET", url, "api/chromatic/state")
                let channels = try #require(state["channels"] as? [[String: Any]])
                return channels[2]["active"] as? Bool == false && channels[3]["active"] as? Bool == true ? true : nil
            }
            #expect(muted == true)
            _ = try await call("POST", url, "api/dashboard/pause")
            try await Task.sleep(for: .milliseconds(200))
            let before = try await call("GET", url, "api/dashboard/sync-health")["master_time"] as? Double
            try await Task.sleep(for: .milliseconds(300))
            let after = try await call("GET", url, "api/dashboard/sync-health")["master_time"] as? Double
            #expect(before == after && before != nil)
            _ = try await call("POST", url, "api/dashboard/resume")
            let runs = try await poll(within: .seconds(10)) {
                let now = try await call("GET", url, "api/dashboard/sync-health")["master_time"] as? Double
                return now != after ? true : nil
            }
            #expect(runs == true)
            await server.stop()
        }
    }

    @Test("what runs is kept as a preset, which brings it back")
    func saving() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--preset", "aurora"])
            _ = try await call("POST", url, "api/scene", #"{"scene": "matrix", "transition_s": 0}"#)
            _ = try await call("POST", url, "api/phi", #"{"depth": 0.75, "phase": 2}"#)
            _ = try await call("POST", url, "api/channels/1", #"{"amplitude": 0.125}"#)
            let saved = try await call("POST", url, "api/preset/save", #"{"name": "my now"}"#, status: 201)
            #expect(saved["id"] as? String == "my_now")
            let shown = try await program.run(["presets", "show", "my_now"])
            let preset = try #require(try JSONSerialization.jsonObject(with: shown.output) as? [String: Any])
            #expect(preset["scene"] as? String == "matrix")
            #expect((preset["phi"] as? [String: Any])?["depth"] as? Double == 0.75)
            #expect((preset["channels"] as? [[String: Any]])?[1]["amplitude"] as? Double == 0.125)
            let character = preset["engine"] as? [String: Any]
            #expect(character?["drift"] as? Double == 0.35 && character?["spread"] as? Double == 0.62)
            let aurora = try await call("GET", url, "api/presets/aurora")
            let background = (aurora["look"] as? [String: Any])?["background"] as? [String]
            #expect((preset["look"] as? [String: Any])?["background"] as? [String] == background)
            _ = try await call("POST", url, "api/preset/load", #"{"preset_id": "peak", "transition_s": 0}"#)
            _ = try await call("POST", url, "api/preset/load", #"{"preset_id": "my_now", "transition_s": 0}"#)
            let status = try await call("GET", url, "api/status")
            #expect(status["scene"] as? String == "matrix" && status["preset_loaded"] as? String == "my_now")
            await server.stop()
        }
    }

    @Test("a changed file of the preset that runs is applied again; a broken one is told, and the last good goes on")
    func watching() async throws {
        try await withProgram { program in
            let file = try presetFile("mine", of: program)
            func write(_ text: String) throws { try Data(text.utf8).write(to: file, options: .atomic) }
            try write(#"{"name": "mine", "scene": "spectral", "transition": {"seconds": 0}}"#)
            let (server, url) = try await program.serve(["--size", "64x64", "--preset", "mine"])
            func shows(_ scene: String) async throws -> Bool {
                try await poll(within: .seconds(15)) {
                    try await call("GET", url, "api/status")["scene"] as? String == scene ? true : nil
                } == true
            }
            #expect(try await shows("spectral"))
            // The watch has looked once when the server answers for a while.
            try await Task.sleep(for: .milliseconds(500))
            try write(#"{"name": "mine", "scene": "topology", "transition": {"seconds": 0}}"#)
            #expect(try await shows("topology"))
            try write(#"{"name": "mine", "scene": "matrix", "phi": {"depth": 9}}"#)
            let told = try await poll(within: .seconds(15)) {
                let answer = try await LoopbackHTTP.request("GET", url.appending(path: "api/presets"))
                let list = try JSONSerialization.jsonObject(with: answer.body) as? [[String: Any]]
                let mine = list?.first { $0["id"] as? String == "mine" }
                return (mine?["problems"] as? [String])?.first?.contains("phi.depth") == true ? true : nil
            }
            #expect(told == true)
            try await Task.sleep(for: .milliseconds(2_500))
            #expect(try await shows("topology"))
            try write(#"{"name": "mine", "scene": "field", "transition": {"seconds": 0}}"#)
            #expect(try await shows("field"))
            let outcome = try #require(await server.stop(within: .seconds(8)))
            #expect(outcome.errors.contains("mine.json cannot be used: phi.depth"))
            #expect(outcome.errors.components(separatedBy: "What it said before goes on").count == 2)
        }
    }

    @Test("what is saved under the name of the preset that runs is not laid over what is changed after")
    func savingOver() async throws {
        try await withProgram { program in
            let file = try presetFile("mine", of: program)
            try Data(#"{"name": "mine", "scene": "spectral", "transition": {"seconds": 0}}"#.utf8).write(to: file)
            let (server, url) = try await program.serve(["--size", "64x64", "--preset", "mine"])
            try await Task.sleep(for: .milliseconds(500))
            _ = try await call("POST", url, "api/phi", #"{"source": "manual", "depth": 1.5, "phase": 1}"#)
            let saved = try await LoopbackHTTP.request(
                "POST",
                url.appending(path: "api/preset/save").appending(queryItems: [
                    .init(name: "collision", value: "overwrite")
                ]),
                body: Data(#"{"name": "mine"}"#.utf8))
            #expect(saved.status == 200, "\(String(decoding: saved.body, as: UTF8.self))")
            #expect(try String(contentsOf: file, encoding: .utf8).contains("1.5"))
            _ = try await call("POST", url, "api/scene", #"{"scene": "field", "transition_s": 0}"#)
            // Longer than the watch takes.
            try await Task.sleep(for: .milliseconds(2_500))
            #expect(try await call("GET", url, "api/status")["scene"] as? String == "field")
            #expect(try await call("GET", url, "api/phi")["source"] as? String == "manual")
            // What somebody else writes is applied.
            try Data(#"{"name": "mine", "scene": "matrix", "transition": {"seconds": 0}}"#.utf8).write(to: file)
            let isApplied = try await poll(within: .seconds(15)) {
                try await call("GET", url, "api/status")["scene"] as? String == "matrix" ? true : nil
            }
            #expect(isApplied == true)
            await server.stop()
        }
    }

    @Test("presets are exported from one data directory, and imported into another")
    func transfer() async throws {
        try await withProgram { program in
            let folder = program.folder.appending(path: "data/presets")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(#"{"name": "mine", "scene": "matrix"}"#.utf8).write(to: folder.appending(path: "mine.json"))
            let file = program.path("bundle.json"), other = program.path("other")
            #expect(try await program.run(["presets", "export", "mine", "deep", "-o", file]).status == 0)
            let trial = try await program.run(["presets", "import", file, "--dry-run", "--data-dir", other])
            #expect(trial.status == 0 && trial.text == "mine: created\ndeep: unchanged\n", "\(trial.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(other)/presets/mine.json"))
            #expect(try await program.run(["presets", "import", file, "--data-dir", other]).status == 0)
            #expect(FileManager.default.fileExists(atPath: "\(other)/presets/mine.json"))
            try Data(#"[{"name": "mine"}, {"name": "b", "scene": "moon"}]"#.utf8).write(to: URL(filePath: file))
            let refused = try await program.run(["presets", "import", file, "--data-dir", other])
            #expect(refused.status == 65 && refused.errors.contains("2 of 2"))
            #expect(refused.text.contains("mine: conflict") && refused.text.contains("moon"))
            let copy = try await program.run(
                ["presets", "import", file, "--collision", "new_copy", "--data-dir", other])
            #expect(copy.text.contains("mine_2: copied"))
            #expect(try await program.run(["presets", "export", "nowhere"]).status == 65)
            #expect(try await program.run(["presets", "import", program.path("none.json")]).status == 74)
            try Data("{".utf8).write(to: URL(filePath: file))
            #expect(try await program.run(["presets", "import", file]).status == 65)
        }
    }
}
