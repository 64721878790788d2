import Foundation
import ProgramHarness
import Testing

/// Mistakes end with one sentence on stderr and the exit code of the contract.
@Suite("Mistakes")
struct MistakeTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        /// A part of the sentence.
        var says: String
        var environment: [String: String] = [:]

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let output = ["--output", "/dev/null"]

    static let mistakes =
        [
            Mistake(arguments: ["dance"], status: 64, says: "dance"),
            Mistake(arguments: ["snapshot"], status: 64, says: "output"),
            Mistake(arguments: ["snapshot", "--scene", "nebula"] + output, status: 64, says: "'nebula'"),
            Mistake(arguments: ["snapshot", "--size", "0x0"] + output, status: 64, says: "0x0"),
            Mistake(arguments: ["snapshot", "--size", "100000x100000"] + output, status: 64, says: "100000x100000"),
            Mistake(arguments: ["snapshot", "--size", "wide"] + output, status: 64, says: "wide"),
            Mistake(arguments: ["snapshot", "--quality", "9"] + output, status: 64, says: "9"),
            Mistake(arguments: ["snapshot", "--quality", "auto"] + output, status: 64, says: "from 0 to 5"),
            Mistake(arguments: ["bench", "--quality", "auto"], status: 64, says: "from 0 to 5"),
            Mistake(arguments: ["serve", "--quality", "7"], status: 64, says: "'7'"),
            Mistake(arguments: ["snapshot", "--time", "-1"] + output, status: 64, says: "time"),
            Mistake(arguments: ["snapshot", "--time", "nan"] + output, status: 64, says: "nan"),
            Mistake(arguments: ["snapshot", "--device", "Voodoo"] + output, status: 64, says: "'Voodoo'"),
            Mistake(arguments: ["snapshot", "--engine", "orchestra"] + output, status: 64, says: "'orchestra'"),
            Mistake(arguments: ["snapshot", "--engine", "audio:"] + output, status: 64, says: "file"),
            Mistake(
                arguments: ["snapshot", "--engine", "audio:/nowhere/a.ogg"] + output, status: 74, says: "does not exist"
            ),
            Mistake(arguments: ["snapshot", "--engine", "audio:/usr"] + output, status: 65, says: "directory"),
            Mistake(arguments: ["snapshot", "--engine", "audio:/etc/passwd"] + output, status: 65, says: "no sound"),
            Mistake(arguments: ["snapshot", "--preset", "nowhere"] + output, status: 65, says: "nowhere"),
            Mistake(arguments: ["snapshot", "--preset", "/nowhere.json"] + output, status: 74, says: "/nowhere.json"),
            Mistake(arguments: ["presets", "show", "nowhere"], status: 65, says: "golden_ratio"),
            Mistake(arguments: ["presets", "show", "/nowhere.json"], status: 74, says: "/nowhere.json"),
            Mistake(arguments: ["presets", "show"], status: 64, says: "name"),
            Mistake(arguments: ["presets", "validate", "nowhere"], status: 65, says: "golden_ratio"),
            Mistake(arguments: ["presets", "validate", "/nowhere.json"], status: 74, says: "/nowhere.json"),
            Mistake(arguments: ["snapshot", "--engine", "session:"] + output, status: 64, says: "session"),
            Mistake(
                arguments: ["snapshot", "--engine", "session:/nowhere"] + output, status: 74, says: "/nowhere"),
            Mistake(arguments: ["snapshot", "--engine", "session:/usr"] + output, status: 65, says: "metrics.jsonl"),
            Mistake(arguments: ["snapshot", "--engine", "push"] + output, status: 64, says: "serve"),
            Mistake(arguments: ["snapshot", "--engine", "soundlab:ws://h:1"] + output, status: 64, says: "serve"),
            Mistake(arguments: ["serve", "--engine", "soundlab:wss://h:1", "--port", "0"], status: 64, says: "TLS"),
            Mistake(arguments: ["sessions", "show", "nowhere"], status: 65, says: "nowhere"),
            Mistake(arguments: ["sessions", "verify", "../x"], status: 65, says: "../x"),
            Mistake(arguments: ["sessions", "delete"], status: 64, says: "session"),
            Mistake(arguments: ["sessions", "archive"], status: 64, says: "older-than"),
            Mistake(arguments: ["sessions", "archive", "--older-than", "soon"], status: 64, says: "soon"),
            Mistake(arguments: ["sessions", "export", "latest", "--format", "xml"], status: 64, says: "xml"),
            Mistake(arguments: ["presets", "mend"], status: 64, says: "mend"),
            Mistake(arguments: ["snapshot", "--output", "/nowhere/t.png"], status: 74, says: "/nowhere/t.png"),
            Mistake(arguments: ["serve", "--output", "ftp://a/b"], status: 64, says: "rtsp://"),
            Mistake(arguments: ["serve", "--output", "hls:"], status: 64, says: "folder"),
            Mistake(arguments: ["serve", "--output", "rtmp://"], status: 64, says: "host"),
            Mistake(arguments: ["serve", "--fps", "0"], status: 64, says: "0 frames"),
            Mistake(arguments: ["serve", "--port", "70000"], status: 64, says: "70000"),
            Mistake(
                arguments: ["serve"], status: 64, says: "max_connections",
                environment: ["SOUNDLAB_MAX_CONNECTIONS": "many"]),
            Mistake(arguments: ["serve"], status: 64, says: "log_level", environment: ["SOUNDLAB_LOG_LEVEL": "loud"]),
            Mistake(arguments: ["serve", "--host", "192.0.2.1", "--port", "0"], status: 69, says: "192.0.2.1"),
            Mistake(arguments: ["serve", "--host", "300.1.1.1", "--port", "0"], status: 69, says: "300.1.1.1"),
            Mistake(arguments: ["serve", "--data-dir", "/proc/phi"], status: 74, says: "/proc/phi"),
            Mistake(
                arguments: ["serve", "--window", "--port", "0"], status: 69, says: "DISPLAY",
                environment: ["DISPLAY": "", "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""]),
            Mistake(arguments: ["bench", "viewers", "--url", "ws://h"], status: 64, says: "http://HOST:PORT"),
            Mistake(
                arguments: ["bench", "viewers", "--url", "http://127.0.0.1:1"], status: 69, says: "does not answer"),
            Mistake(
                arguments: ["bench", "viewers", "--url", "http://h", "--count", "0"], status: 64, says: "1 to 20000"),
            Mistake(arguments: ["bench", "viewers", "--url", "http://h", "--codecs", "av1"], status: 64, says: "av1"),
            Mistake(
                arguments: ["bench", "viewers", "--url", "http://h", "--max-fps", "0"], status: 64, says: "1 to 240"),
            Mistake(arguments: ["serve", "--osc", "70000"], status: 64, says: "0 to 65535"),
            Mistake(arguments: ["serve", "--osc", "a:b:9000"], status: 64, says: "--osc"),
            Mistake(arguments: ["serve", "--bitrate", "5"], status: 64, says: "--bitrate"),
            Mistake(arguments: ["serve", "--bitrate", "5-1"], status: 64, says: "the smaller first"),
            Mistake(arguments: ["bench", "--baseline", "/nowhere.json"], status: 74, says: "/nowhere.json"),
            Mistake(arguments: ["bench", "--baseline", "/etc/passwd"], status: 65, says: "/etc/passwd"),
        ]
        + ["serve", "snapshot", "bench"].map { command in
            Mistake(
                arguments: [command] + (command == "snapshot" ? output : command == "serve" ? ["--port", "0"] : []),
                status: 69, says: "No Vulkan driver", environment: ["VK_DRIVER_FILES": "/nowhere.json"])
        }

    @Test("each has its sentence and its exit code", arguments: mistakes)
    func mistake(_ mistake: Mistake) async throws {
        try await withProgram { program in
            let outcome = try await program.run(mistake.arguments, environment: mistake.environment)
            expectSentence(outcome, mistake.status, mistake.says)
        }
    }

    private func expectSentence(_ outcome: ChildProcess.Outcome, _ status: Int32, _ says: String) {
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("phi-matrix: "))
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        #expect(outcome.errors.hasSuffix(".\n"))
    }

    @Test("a port that is in use")
    func portInUse() async throws {
        try await withProgram { program in
            let (first, url) = try await program.serve(["--size", "64x64"])
            let second = try await program.run(["serve", "--size", "64x64", "--port", "\(url.port ?? 0)"])
            await first.stop()
            #expect(second.status == 69)
            #expect(second.errors.contains("Port \(url.port ?? 0) on 127.0.0.1 is in use"))
            #expect(!second.errors.contains("Fatal"))
        }
    }

    @Test("a preset with an error: file, field and reason")
    func badPreset() async throws {
        try await withProgram { program in
            let file = program.path("broken.json")
            try Data(#"{"name": "broken", "phi": {"depth": 99}}"#.utf8).write(to: URL(filePath: file))
            let outcome = try await program.run(["snapshot", "--preset", file, "--output", "/dev/null"])
            expectSentence(outcome, 65, "broken.json cannot be used: phi.depth")
        }
    }

    @Test("a file that only its name calls music")
    func noMusic() async throws {
        try await withProgram { program in
            let file = program.path("x.ogg")
            try Data("not music\n".utf8).write(to: URL(filePath: file))
            expectSentence(
                try await program.run(["snapshot", "--engine", "audio:\(file)"] + Self.output), 65, "no sound")
        }
    }

    @Test("a configuration file with an error")
    func badConfiguration() async throws {
        try await withProgram { program in
            let folder = program.folder.appending(path: "data/config")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("- a list\n".utf8).write(to: folder.appending(path: "phi-matrix.yaml"))
            expectSentence(try await program.run(["serve", "--port", "0"]), 65, "phi-matrix.yaml")
        }
    }
}
