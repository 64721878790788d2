import Foundation
import ProgramHarness
import Testing

@Suite("snapshot")
struct SnapshotTests {
    private func snapshot(_ program: PhiMatrixProgram, _ arguments: [String]) async throws -> Data {
        let outcome = try await program.run(["snapshot", "--output", "-", "--size", "320x180"] + arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output
    }

    @Test("the same seed and time give the same bytes; another seed, time or scene another picture")
    func deterministic() async throws {
        try await withProgram { program in
            let first = try await snapshot(program, ["--scene", "topology", "--time", "2"])
            #expect(try await snapshot(program, ["--scene", "topology", "--time", "2"]) == first)
            let picture = try PNGPicture(first)
            #expect((picture.width, picture.height) == (320, 180))
            for other in [
                ["--scene", "topology", "--time", "2", "--seed", "2"], ["--scene", "topology", "--time", "2.5"],
                ["--scene", "waveform", "--time", "2"],
            ] {
                #expect(try await snapshot(program, other) != first, "\(other)")
            }
        }
    }

    @Test(
        "LP_NUM_THREADS makes no difference to any scene",
        arguments: ["spectral", "breathing", "topology", "waveform", "matrix", "field"])
    func threads(scene: String) async throws {
        try await withProgram { program in
            let arguments = ["snapshot", "--output", "-", "--time", "3", "--scene", scene, "--hud", "--preset", "peak"]
            let usual = try await program.run(arguments)
            #expect(usual.status == 0, "\(usual.errors)")
            for count in ["0", "1", "2"] {
                let outcome = try await program.run(arguments, environment: ["LP_NUM_THREADS": count])
                #expect(outcome.output == usual.output, "\(count) threads")
            }
        }
    }

    @Test("--latency-mark draws a block into the lower left corner, and nothing else")
    func latencyMark() async throws {
        try await withProgram { program in
            let without = try PNGPicture(try await snapshot(program, ["--time", "2"]))
            let with = try PNGPicture(try await snapshot(program, ["--time", "2", "--latency-mark"]))
            // Of 320 × 180 pixels a cell has 4 × 4, and the mark 18 × 7 cells.
            var inside = 0, outside = 0
            for n in 0..<320 * 180
            where (0..<3).contains(where: { with.pixels[3 * n + $0] != without.pixels[3 * n + $0] }) {
                if n % 320 < 72, n / 320 >= 152 { inside += 1 } else { outside += 1 }
            }
            #expect(outside == 0)
            #expect(inside > 500)
            let border = (0..<72).allSatisfy { with.pixels[3 * (152 * 320 + $0)] == 0 }
            #expect(border)
        }
    }

    @Test("a preset decides the scene, and a flag wins over it")
    func preset() async throws {
        try await withProgram { program in
            let file = program.path("mine.json")
            try Data(
                #"{"schema_version": 1, "name": "mine", "scene": "waveform", "phi": {"depth": 1.5, "phase": 1}}"#.utf8
            ).write(to: URL(filePath: file))
            let preset = try await snapshot(program, ["--preset", file])
            #expect(try await snapshot(program, ["--scene", "waveform"]) != preset, "Φ is the preset's")
            let overridden = try await snapshot(program, ["--preset", file, "--scene", "spectral"])
            #expect(overridden != preset)
        }
    }

    @Test("music is drawn")
    func music() async throws {
        let file = "/usr/share/games/frozen-bubble/snd/introzik.ogg"
        try #require(
            FileManager.default.isReadableFile(atPath: file),
            "The music is missing: install it with “apt-get install frozen-bubble-data”.")
        try await withProgram { program in
            let first = try await snapshot(program, ["--engine", "audio:\(file)", "--time", "10"])
            #expect(try await snapshot(program, ["--engine", "audio:\(file)", "--time", "10"]) == first)
            #expect(try await snapshot(program, ["--engine", "audio:\(file)", "--time", "11"]) != first)
        }
    }
}

@Suite("doctor")
struct DoctorTests {
    @Test("names the device, and what is missing with its remedy")
    func findings() async throws {
        try await withProgram { program in
            let good = try await program.run(["doctor"])
            #expect(good.status == 0)
            #expect(good.text.contains("device 0: "))
            #expect(good.text.contains("Frames can be drawn here."))
            #expect(good.text.contains("ok      H.264 by libx264"))
            #expect(good.text.contains("ok      VP9 by libvpx-vp9"))
            let bad = try await program.run(["doctor"], environment: ["VK_DRIVER_FILES": "/nowhere.json"])
            #expect(bad.status == 69)
            #expect(bad.errors.isEmpty, "\(bad.errors)")
            #expect(bad.text.contains("apt-get install mesa-vulkan-drivers"))
            #expect(bad.text.contains("VK_DRIVER_FILES=/nowhere.json"))
        }
    }

    @Test("gives the same as JSON")
    func json() async throws {
        try await withProgram { program in
            let outcome = try await program.run(["doctor", "--json"])
            let document = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
            #expect(document["can_draw"] as? Bool == true)
            #expect((document["sections"] as? [Any])?.count == 7)
        }
    }
}

@Suite("bench")
struct BenchTests {
    @Test("viewers: all are served, and what they cost is told; limits that are broken fail")
    func viewers() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(
                ["--size", "320x180", "--fps", "30"], environment: ["SOUNDLAB_MAX_CONNECTIONS": "20"])
            let address = url.absoluteString
            let file = program.path("viewers.json")
            let common = ["bench", "viewers", "--url", address, "--seconds", "2"]
            let run = try await program.run(common + ["--count", "20", "--codecs", "h264,jpeg", "--json", file])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.text.contains("20 of 20 served"))
            let data = try Data(contentsOf: URL(filePath: file))
            let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(report["served"] as? Int == 20)
            #expect(try #require(report["viewer_fps"] as? Double) > 5)
            #expect((report["stream"] as? String)?.hasPrefix("avc1.") == true)
            let delivery = try #require(report["delivery_ms"] as? [String: Double])
            #expect(try #require(delivery["p50"]) <= #require(delivery["p99"]))
            #expect(try #require(delivery["p99"]) < 5_000)

            let strict = try await program.run(common + ["--count", "2", "--limit-rate", "100"])
            #expect(strict.status == 1)
            #expect(strict.errors.contains("rate of drawing"))
            let crowd = try await program.run(common + ["--count", "30", "--codecs", "jpeg"])
            #expect(crowd.status == 1)
            #expect(crowd.errors.contains("10 of 30 viewers were not served all the time: the server refused it: 503"))
            _ = await server.stop()
        }
    }

    @Test("gives a table and JSON, and fails on a regression")
    func baseline() async throws {
        try await withProgram { program in
            let file = program.path("bench.json")
            let common = ["bench", "--seconds", "0.4", "--size", "320x180", "--tolerance", "0.9"]
            let first = try await program.run(common + ["--json", file])
            #expect(first.status == 0, "\(first.errors)")
            for word in ["flat fill", "spectral", "field", "p99"] { #expect(first.text.contains(word)) }

            let data = try Data(contentsOf: URL(filePath: file))
            var report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            var scenes = try #require(report["scenes"] as? [[String: Any]])
            #expect(
                scenes.map { $0["scene"] as? String }
                    == ["flat fill", "spectral", "breathing", "topology", "waveform", "matrix", "field"])
            for scene in scenes {
                #expect(try #require(scene["fps"] as? Double) > 0)
                for stage in ["frame_ms", "record_ms", "render_ms", "readback_ms", "encode_ms"] {
                    let times = try #require(scene[stage] as? [String: Double])
                    #expect(try #require(times["p50"]) <= #require(times["p99"]))
                }
            }

            let same = try await program.run(common + ["--baseline", file])
            #expect(same.status == 0, "\(same.errors)")
            // A baseline that nothing can reach.
            scenes[1]["of_flat_fill"] = 1_000.0
            report["scenes"] = scenes
            try JSONSerialization.data(withJSONObject: report).write(to: URL(filePath: file))
            let slower = try await program.run(common + ["--baseline", file])
            #expect(slower.status == 1)
            #expect(slower.errors.contains("spectral reaches"))
        }
    }
}
