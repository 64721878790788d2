import Foundation
import Glibc
import ProgramHarness
import Testing

@Suite("serve", .serialized)
struct ServeTests {
    private func json(_ url: URL, _ path: String) async throws -> [String: Any] {
        let answer = try await LoopbackHTTP.request("GET", url.appending(path: path))
        #expect(answer.status == 200)
        return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
    }

    @Test("prints one URL, is ready at once, and ends cleanly on either signal", arguments: [SIGTERM, SIGINT])
    func life(signal: Int32) async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--scene", "waveform"])
            let ready = try await poll(within: .seconds(3)) {
                try await LoopbackHTTP.request("GET", url.appending(path: "readyz")).status == 200 ? true : nil
            }
            #expect(ready == true)
            let status = try await json(url, "api/status")
            #expect(status["scene"] as? String == "waveform")
            #expect(status["engine"] as? String == "synthetic")
            let outcome = try #require(await server.stop(signal: signal, within: .seconds(5)))
            #expect(outcome.status == 0)
            #expect(outcome.text == "\(url)\n")
            #expect(!outcome.errors.contains("error"), "\(outcome.errors)")
        }
    }

    @Test(
        "begins with the quality and the figures that were asked for",
        arguments: [([], 5, "fixed", false), (["--quality", "2", "--hud"], 2, "fixed", true)])
    func quality(arguments: [String], level: Int, mode: String, hud: Bool) async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64"] + arguments)
            let quality = try await json(url, "api/quality")
            #expect(quality["quality"] as? Int == level)
            #expect(quality["mode"] as? String == mode)
            #expect((quality["levels"] as? [[String: Any]])?.count == 6)
            #expect(try await json(url, "api/hud")["enabled"] as? Bool == hud)
            await server.stop()
        }
    }

    @Test("leaves the quality to the renderer where it is told to, and counts its changes")
    func automaticQuality() async throws {
        try await withProgram { program in
            let (server, url) = try await program.serve(["--size", "64x64", "--quality", "auto"])
            let quality = try await json(url, "api/quality")
            #expect(quality["mode"] as? String == "auto")
            #expect((0...5).contains(try #require(quality["quality"] as? Int)))
            let scrape = try await LoopbackHTTP.request("GET", url.appending(path: "metrics"))
            let text = String(decoding: scrape.body, as: UTF8.self)
            #expect(text.contains("\nsoundlab_quality_level "))
            for reason in ["chosen", "overload", "headroom"] {
                #expect(text.contains("\nsoundlab_quality_changes_total{reason=\"\(reason)\"} "))
            }
            await server.stop()
        }
    }

    @Test("falls where the frame rate cannot be held, says why, and counts it")
    func overload() async throws {
        try await withProgram { program in
            // More than a few processors can draw.
            let (server, url) = try await program.serve([
                "--size", "1920x1080", "--fps", "240", "--quality", "auto", "--scene", "breathing",
            ])
            // Half a second is what the scaler has, once frames are measured; a busy machine has some more.
            let fallen = try await poll(within: .seconds(3)) {
                let status = try await json(url, "api/status")
                let level = try #require(status["quality"] as? Int)
                // The reason is noted a moment after the level.
                return level < 5 && status["quality_reason"] as? String == "overload" ? true : nil
            }
            #expect(fallen == true)
            let scrape = try await LoopbackHTTP.request("GET", url.appending(path: "metrics"))
            let text = String(decoding: scrape.body, as: UTF8.self)
            let count = text.firstMatch(of: /\nsoundlab_quality_changes_total\{reason="overload"\} (\d+)/)
            #expect(try #require(count.flatMap { Int($0.1) }) >= 1)
            await server.stop()
        }
    }

    @Test("ends cleanly right after its start as well", arguments: [0, 30, 80, 150, 300, 600])
    func earlyEnd(milliseconds: Int) async throws {
        try await withProgram { program in
            let server = try program.start(["serve", "--port", "0", "--size", "320x180"])
            try await Task.sleep(for: .milliseconds(milliseconds))
            let outcome = try #require(await server.stop(within: .seconds(5)), "it had to be killed")
            // Before the signals are handled the system ends the program, by the signal itself.
            #expect(outcome.status == 0 || outcome.status == SIGTERM, "\(outcome.status) \(outcome.errors)")
        }
    }

    @Test("draws music at 30 frames a second or more in at most 200 MB")
    func music() async throws {
        let file = "/usr/share/games/frozen-bubble/snd/introzik.ogg"
        try #require(
            FileManager.default.isReadableFile(atPath: file),
            "The music is missing: install it with “apt-get install frozen-bubble-data”.")
        try await withProgram { program in
            let (server, url) = try await program.serve(["--engine", "audio:\(file)", "--scene", "topology"])
            try await Task.sleep(for: .seconds(4))
            let status = try await json(url, "api/status")
            #expect(status["audio_running"] as? Bool == true)
            #expect(status["engine"] as? String == "audio:introzik.ogg")
            #expect(status["sample_rate"] as? Int == 48_000)
            #expect(try #require(status["fps"] as? Double) >= 30)
            #expect(try #require(status["memory_mb"] as? Double) <= 200)
            await server.stop()
        }
    }

    @Test(
        "a viewer gets 30 frames a second or more, within 100 ms of the engine's sample",
        arguments: ["jpeg", "h264,jpeg"])
    func viewer(_ codecs: String) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../benchmarks/sustained.py").standardizedFileURL
        let python = try Programs.find(
            ["python3"], advice: "Python is missing: install it with “apt-get install python3”.")
        let outcome = try await ChildProcess(
            python,
            [
                script.path, "--binary", try Programs.phiMatrix().path, "--codecs", codecs, "--seconds", "8",
                "--least-fps", "30", "--most-encode-ms", "60",
                "--most-latency-ms", "100", "--most-memory-mb", codecs == "jpeg" ? "200" : "300", "--most-start-s", "2",
            ]
        ).finished(within: .seconds(60))
        #expect(outcome.status == 0, "\(outcome.text) \(outcome.errors)")
    }

    @Test("a log that nobody reads any more is no reason to end")
    func closedLog() async throws {
        try await withProgram { program in
            let path = program.path("url")
            let shell = try ChildProcess(
                URL(filePath: "/bin/sh"),
                [
                    "-c",
                    "{ \"$0\" serve --port 0 --size 64x64 >\"$1\" & echo $! >\"$2\"; wait; } 2>&1 | head -c 1 >/dev/null",
                    try Programs.phiMatrix().path, path, program.path("pid"),
                ],
                environment: [
                    "SOUNDLAB_DATA_DIR": program.path("data"), "SOUNDLAB_LOG_FORMAT": "json",
                    "SOUNDLAB_LOG_LEVEL": "debug",
                ])
            let url = try await poll(within: .seconds(10)) {
                (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
                    URL(string: $0.trimmingCharacters(in: .newlines))
                }
            }
            let found = try #require(url)
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await LoopbackHTTP.request("GET", found.appending(path: "healthz")).status == 200)
            let identifier = try String(contentsOfFile: program.path("pid"), encoding: .utf8)
            kill(try #require(Int32(identifier.trimmingCharacters(in: .newlines))), SIGTERM)
            _ = try await shell.finished(within: .seconds(10))
        }
    }

    @Test("host and port come from flag, environment and file, in this order")
    func configuration() async throws {
        try await withProgram { program in
            let folder = program.folder.appending(path: "data/config")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("host: 127.0.0.3\n".utf8).write(to: folder.appending(path: "phi-matrix.yaml"))
            for (arguments, environment, host) in [
                ([], [:], "127.0.0.3"), ([], ["SOUNDLAB_HOST": "127.0.0.4"], "127.0.0.4"),
                (["--host", "127.0.0.5"], ["SOUNDLAB_HOST": "127.0.0.4"], "127.0.0.5"),
            ] {
                let (server, url) = try await program.serve(
                    ["--size", "64x64"] + arguments, environment: environment)
                #expect(url.host() == host)
                await server.stop()
            }
        }
    }

    @Test("logs are text or JSON, one object a line")
    func logs() async throws {
        try await withProgram { program in
            let (server, _) = try await program.serve(
                ["--size", "64x64"], environment: ["SOUNDLAB_LOG_FORMAT": "json"])
            let outcome = try #require(await server.stop())
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.count >= 2)
            for line in lines {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                #expect(object["message"] is String && object["level"] is String && object["time"] is String)
            }
        }
    }
}
