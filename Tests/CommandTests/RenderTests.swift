import Foundation
import ImageVerify
import ProgramHarness
import Testing

@Suite("render", .serialized)
struct RenderTests {
    static let size = ["--size", "320x180"]

    private func render(_ program: PhiMatrixProgram, _ output: String, _ arguments: [String]) async throws {
        let outcome = try await program.run(["render", "--output", program.path(output)] + Self.size + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// The names in the folder of the outputs, without the data directory.
    private func files(_ program: PhiMatrixProgram, _ folder: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: program.path(folder)).filter { $0 != "data" }.sorted()
    }

    private func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    @Test(
        "a video has the duration, the rate, the size and the colours that were asked for",
        arguments: [("mp4", 24), ("mp4", 30), ("mp4", 60), ("webm", 24), ("webm", 60)])
    func video(format: String, rate: Int) async throws {
        try await withProgram { program in
            try await render(program, "a.\(format)", ["--duration", "1.5", "--fps", "\(rate)"])
            let probe = try await MediaProbe(program.path("a.\(format)"))
            #expect(probe.codec == (format == "mp4" ? "h264" : "vp9"))
            #expect(probe.frames == rate * 3 / 2)
            #expect(probe.rate == Double(rate))
            #expect(abs(probe.duration - 1.5) < 0.002, "\(probe.duration)")
            #expect(probe.start == 0)
            #expect((probe.width, probe.height) == (320, 180))
            #expect(probe.colors == ["tv", "bt709", "bt709", "bt709"])
            #expect(probe.pixelFormat == "yuv420p")
            #expect(probe.sound == nil)
            #expect(try files(program) == ["a.\(format)"], "Nothing is left beside it.")
        }
    }

    @Test("the MP4's index is in front, so that players begin before they have all of it")
    func fastStart() async throws {
        try await withProgram { program in
            try await render(program, "a.mp4", ["--duration", "0.2"])
            let file = try contents(program.path("a.mp4"))
            let index = try #require(file.firstRange(of: Data("moov".utf8)))
            let media = try #require(file.firstRange(of: Data("mdat".utf8)))
            #expect(index.lowerBound < media.lowerBound)
        }
    }

    @Test(
        "frame n is the picture that snapshot gives for its moment",
        arguments: [("waveform", ["--seed", "3", "--hud"]), ("field", ["--preset", "peak", "--quality", "2"])])
    func snapshots(scene: String, options: [String]) async throws {
        try await withProgram { program in
            let common = ["--scene", scene, "--fps", "24"] + options
            try await render(program, "f/%03d.png", common + ["--start", "1.5", "--duration", "0.5"])
            #expect(try files(program, "f").count == 12)
            var pictures: Set<[UInt8]> = []
            for number in [0, 1, 7, 11] {
                let time = 1.5 + Double(number) / 24
                let outcome = try await program.run(
                    ["snapshot", "--output", "-", "--time", "\(time)"] + Self.size + common)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let name = "f/" + String(format: "%03d.png", number)
                let picture = try PNGPicture(try contents(program.path(name)))
                #expect(try PNGPicture(outcome.output) == picture, "frame \(number)")
                pictures.insert(picture.pixels)
            }
            #expect(pictures.count == 4, "It moves.")
        }
    }

    @Test("the same on every run: pictures and animations to the byte, videos to the pixel")
    func deterministic() async throws {
        try await withProgram { program in
            let common = ["--duration", "0.4", "--scene", "topology"]
            for run in ["a", "b"] {
                for name in ["f/%02d.png", "v.mp4", "v.webm", "v.apng"] {
                    let folder = program.path(run)
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                    try await render(program, "\(run)/\(name)", common)
                }
            }
            #expect(try files(program, "a/f").count == 24)
            for name in try files(program, "a/f").map({ "f/\($0)" }) + ["v.apng"] {
                let (first, second) = (
                    try contents(program.path("a/\(name)")), try contents(program.path("b/\(name)"))
                )
                let isSame = first == second
                #expect(isSame, "\(name)")
            }
            for name in ["v.mp4", "v.webm"] {
                let first = try await FFmpeg.pictures(of: program.path("a/\(name)"), size: (320, 180))
                let isSame = try await FFmpeg.pictures(of: program.path("b/\(name)"), size: (320, 180)) == first
                #expect(first.count == 24)
                #expect(isSame, "\(name)")
            }
        }
    }

    @Test("an animation has every pixel of the pictures, and their rate", arguments: [24, 60])
    func animation(rate: Int) async throws {
        try await withProgram { program in
            let common = ["--duration", "0.5", "--fps", "\(rate)", "--scene", "matrix", "--size", "321x181"]
            try await render(program, "a.apng", common)
            try await render(program, "f/%d.png", common)
            let frames = try await FFmpeg.pictures(of: program.path("a.apng"), size: (321, 181))
            #expect(frames.count == rate / 2)
            for (number, frame) in frames.enumerated() {
                let picture = try PNGPicture(try contents(program.path("f/\(number).png")))
                let isSame = [UInt8](frame) == picture.pixels
                #expect(isSame, "frame \(number)")
            }
            #expect(try await MediaProbe(program.path("a.apng")).rate == Double(rate))
            // Who knows no animations sees the first frame.
            let isFirst =
                try PNGPicture(try contents(program.path("a.apng")))
                == PNGPicture(try contents(program.path("f/0.png")))
            #expect(isFirst)
        }
    }

    @Test("one frame is a video, an animation and a picture")
    func oneFrame() async throws {
        try await withProgram { program in
            for name in ["a.mp4", "a.webm", "a.apng", "f/%d.png"] {
                try await render(program, name, ["--duration", "0.001"])
            }
            #expect(try await MediaProbe(program.path("a.mp4")).frames == 1)
            #expect(try await MediaProbe(program.path("a.webm")).frames == 1)
            #expect(try await FFmpeg.pictures(of: program.path("a.apng"), size: (320, 180)).count == 1)
            #expect(try files(program, "f") == ["0.png"])
        }
    }

    @Test("odd names are names", arguments: ["a b.mp4", "ü:'%.webm", "-x.mp4", "A.APNG", "UPPER.MP4"])
    func names(name: String) async throws {
        try await withProgram { program in
            try await render(program, name, ["--duration", "0.1"])
            #expect(try files(program) == [name])
        }
    }

    @Test("what is there is kept, and goes with --force; no frame of a longer run stays")
    func force() async throws {
        try await withProgram { program in
            for name in ["a.mp4", "a.webm", "a.apng"] {
                try Data("mine".utf8).write(to: URL(filePath: program.path(name)))
                let arguments = ["render", "--output", program.path(name), "--duration", "0.1"] + Self.size
                let outcome = try await program.run(arguments)
                #expect(
                    outcome.status == 74 && outcome.errors.contains("exists; replace it with --force"), "\(outcome)")
                #expect(try contents(program.path(name)) == Data("mine".utf8))
                #expect(try await program.run(arguments + ["--force"]).status == 0)
                #expect(try contents(program.path(name)).count > 500)
            }
            try await render(program, "f/%03d.png", ["--duration", "0.5"])
            let again = ["render", "--output", program.path("f/%03d.png"), "--duration", "0.2"] + Self.size
            let refused = try await program.run(again)
            #expect(refused.status == 74 && refused.errors.contains("000.png exists"), "\(refused.errors)")
            #expect(try await program.run(again + ["--force"]).status == 0)
            #expect(try files(program, "f").count == 12)
        }
    }

    @Test("asked to end, it leaves nothing that is not whole", arguments: ["a.mp4", "a.webm", "a.apng", "%04d.png"])
    func interrupted(name: String) async throws {
        for signal in [SIGINT, SIGTERM] {
            try await withProgram { program in
                let folder = program.path("out")
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                let running = try program.start([
                    "render", "--output", "\(folder)/\(name)", "--size", "640x360", "--duration", "1000",
                ])
                let begun = try await poll(within: .seconds(30)) {
                    try files(program, "out").contains {
                        let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\($0)")[.size] as? Int
                        return size ?? 0 > 0
                    } ? true : nil
                }
                #expect(begun == true)
                let outcome = try #require(await running.stop(signal: signal, within: .seconds(30)))
                #expect(outcome.status == signal, "It ends by the signal, as a shell expects.")
                #expect(outcome.errors.contains("Rendering was cancelled after "), "\(outcome.errors)")
                let left = try files(program, "out")
                if name.hasSuffix(".png") {
                    for file in left {
                        #expect(file.hasSuffix(".png") && !file.hasPrefix("."), "\(file)")
                        #expect(try PNGPicture(try contents("\(folder)/\(file)")).width == 640)
                    }
                } else {
                    #expect(left.isEmpty, "\(left)")
                }
            }
        }
    }

    @Test("a disk that takes no more ends it with a sentence, and nothing is left", arguments: ["mp4", "webm", "apng"])
    func full(format: String) async throws {
        try await withProgram { program in
            let folder = program.path("out")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // No file of this program may be longer than 60 KiB; the signal for it is ignored, so that writing fails.
            let shell = try ChildProcess(
                URL(filePath: "/bin/bash"),
                [
                    "-c", "trap '' XFSZ; ulimit -f 60; exec \"$0\" \"$@\"", try Programs.phiMatrix().path, "render",
                    "--output", "\(folder)/a.\(format)", "--duration", "5", "--scene", "field",
                ] + Self.size, environment: ["SOUNDLAB_DATA_DIR": program.path("data")])
            let outcome = try await shell.finished(within: .seconds(60))
            #expect(outcome.status == 74, "\(outcome.errors)")
            #expect(outcome.errors.contains("\(folder)/a.\(format)") && outcome.errors.contains("too large"))
            #expect(!outcome.errors.contains(".part"), "\(outcome.errors)")
            #expect(try files(program, "out").isEmpty)
        }
    }

    @Test("progress goes to stderr and the result to stdout; --quiet says neither")
    func telling() async throws {
        try await withProgram { program in
            let arguments = ["render", "--duration", "0.5", "--output"]
            let usual = try await program.run(arguments + [program.path("a.mp4")] + Self.size)
            #expect(usual.text.contains("a.mp4: 30 frames, 0.50 s, "))
            #expect(usual.text.split(separator: "\n").count == 1)
            let quiet = try await program.run(arguments + [program.path("b.mp4"), "--quiet"] + Self.size)
            #expect(quiet.status == 0)
            #expect(quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.errors)")
        }
    }

    @Test("on a terminal there is a bar, which fits the terminal", arguments: [100, 50])
    func bar(columns: Int) async throws {
        try await withProgram { program in
            // `script` gives it a terminal, and prints what is shown there.
            let command =
                "stty cols \(columns); exec '\(try Programs.phiMatrix().path)' render --output '\(program.path("a.mp4"))' "
                + "--duration 3"
            let shell = try ChildProcess(
                try Programs.find(["script"], advice: "script is missing: install it with “apt-get install bsdutils”."),
                ["-qec", command, "/dev/null"], environment: ["SOUNDLAB_DATA_DIR": program.path("data")])
            let outcome = try await shell.finished(within: .seconds(60))
            #expect(outcome.status == 0, "\(outcome.text)")
            let lines = outcome.text.split(separator: "\r").filter { $0.contains(" of 180 frames") }
            #expect(!lines.isEmpty)
            for line in lines {
                let shown = line.replacingOccurrences(of: "\u{1B}[K", with: "")
                #expect(shown.count < columns, "\(shown)")
                #expect(shown.contains("░") || shown.contains("█") || columns < 80, "\(shown)")
            }
        }
    }

    static let mistakes: [(output: String, arguments: [String], status: Int32, says: String)] = [
        ("x.mkv", [], 64, "tells of no format"), ("mp4", [], 64, "tells of no format"),
        (".mp4", [], 64, "tells of no format"), ("x.png", [], 64, "%d"), ("x%d%d.png", [], 64, "%d"),
        ("x%s.png", [], 64, "%d"), ("%d/x.png", [], 64, "in the file's name"),
        ("a.mp4", ["--size", "321x180"], 64, "even sides"), ("a.webm", ["--size", "320x181"], 64, "even sides"),
        ("a.mp4", ["--quality", "auto"], 64, "from 0 to 5"), ("a.mp4", ["--fps", "241"], 64, "241"),
        ("a.mp4", ["--duration", "0"], 64, "--duration"), ("a.mp4", ["--duration", "nan"], 64, "--duration"),
        ("a.mp4", ["--start", "1e6"], 64, "--start"), ("a.mp4", ["--scene", "nebula"], 64, "'nebula'"),
        ("a.mp4", ["--engine", "audio:/nowhere.ogg"], 74, "does not exist"),
        ("a.mp4", ["--engine", "audio:/etc/passwd"], 65, "no sound"),
        ("nowhere/a.mp4", [], 74, "folder does not exist"), ("nowhere/a.webm", [], 74, "folder does not exist"),
        ("nowhere/a.apng", [], 74, "no such file"), ("/proc/a/%d.png", [], 74, "cannot be made"),
        ("folder.mp4", ["--force"], 74, "folder"), ("link.apng", ["--force"], 74, "link"),
        (String(repeating: "n", count: 252) + ".mp4", [], 74, "too long"),
    ]

    @Test("mistakes have their sentence and their exit code, and nothing is written")
    func mistakes() async throws {
        try await withProgram { program in
            let folder = program.path("out")
            try FileManager.default.createDirectory(atPath: "\(folder)/folder.mp4", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link.apng", withDestinationPath: "/etc/hosts")
            for mistake in Self.mistakes {
                let output = mistake.output.hasPrefix("/") ? mistake.output : "\(folder)/\(mistake.output)"
                let outcome = try await program.run(
                    ["render", "--output", output, "--duration", "0.1"] + Self.size + mistake.arguments)
                #expect(outcome.status == mistake.status, "\(outcome.errors)")
                #expect(
                    outcome.errors.hasPrefix("phi-matrix: ") && outcome.errors.contains(mistake.says),
                    "\(mistake.output) \(mistake.arguments): \(outcome.errors)")
                #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
                #expect(!outcome.errors.contains(".part"), "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
                #expect(try files(program, "out") == ["folder.mp4", "link.apng"])
            }
        }
    }

    @Test("without a Vulkan driver nothing is left either")
    func noDriver() async throws {
        try await withProgram { program in
            let outcome = try await program.run(
                ["render", "--output", program.path("a.apng")], environment: ["VK_DRIVER_FILES": "/nowhere.json"])
            #expect(outcome.status == 69 && outcome.errors.contains("No Vulkan driver"), "\(outcome.errors)")
            #expect(try files(program).isEmpty)
        }
    }
}
