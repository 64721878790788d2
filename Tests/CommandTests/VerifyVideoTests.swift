import Foundation
import ImageVerify
import ProgramHarness
import Testing

@Suite("verify video", .serialized)
struct VerifyVideoTests {
    /// What a video is compared with, at 12 frames a second.
    private func withPictures(
        _ scene: String, _ body: (PhiMatrixProgram, _ pattern: String) async throws -> Void
    ) async throws {
        try await withProgram { program in
            let pattern = program.path("f/%03d.png")
            try await render(program, scene, pattern)
            try await body(program, pattern)
        }
    }

    private func render(_ program: PhiMatrixProgram, _ scene: String, _ output: String) async throws {
        let outcome = try await program.run([
            "render", "--scene", scene, "--size", "320x180", "--fps", "12", "--duration", "1", "--output", output,
        ])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    private func verify(
        _ program: PhiMatrixProgram, _ video: String, _ pattern: String, _ options: [String] = []
    ) async throws -> ChildProcess.Outcome {
        try await program.run(["verify", "video", video, "--frames", pattern] + options)
    }

    struct Report: Decodable {
        struct Frame: Decodable {
            let number: Int
            let psnr, flipMean, psnrOfPicture: Double
            let shows: Int?
            let passed: Bool
        }
        let codec: String
        let width, height, failures: Int
        let passed: Bool
        let colorDrift: Double
        let complaints: [String]
        let frames: [Frame]

        init(_ outcome: ChildProcess.Outcome) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Report.self, from: outcome.output)
        }
    }

    @Test(
        "what render writes passes, in every scene",
        arguments: ["spectral", "breathing", "topology", "waveform", "matrix", "field"])
    func good(scene: String) async throws {
        try await withPictures(scene) { program, pattern in
            for format in ["mp4", "webm"] {
                let video = program.path("a.\(format)")
                try await render(program, scene, video)
                let outcome = try await verify(program, video, pattern, ["--json"])
                #expect(outcome.status == 0, "\(outcome.errors)")
                let report = try Report(outcome)
                #expect(report.passed && report.failures == 0 && report.complaints.isEmpty)
                #expect(report.frames.map(\.number) == Array(0..<12))
                #expect((report.width, report.height) == (320, 180))
                #expect(report.codec == (format == "mp4" ? "h264" : "vp9"))
                for frame in report.frames {
                    #expect(frame.psnr > frame.psnrOfPicture && frame.psnrOfPicture > 25 && frame.psnr < 80)
                }
            }
        }
    }

    /// Videos that ffmpeg makes of the pictures, each with one mistake.
    enum Mistake: String, CaseIterable, CustomTestStringConvertible {
        case none, otherMatrix, otherMatrixTagged, fullRangeUntagged, fullRangeTagged, swapped, late, coarse, noTags,
            gray

        var testDescription: String { rawValue }

        /// Filters behind the pictures.
        var filter: String {
            let bt709 = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
            return switch self {
            case .none, .coarse, .noTags: bt709
            case .otherMatrix, .otherMatrixTagged: "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p"
            case .fullRangeUntagged: "scale=out_color_matrix=bt709:out_range=pc,format=yuv420p,setparams=range=tv"
            case .fullRangeTagged: "scale=out_color_matrix=bt709:out_range=pc,format=yuvj420p"
            case .swapped: "\(bt709),swapuv"
            case .late: "tpad=start=1:start_mode=clone,trim=end_frame=12,\(bt709)"
            case .gray: "\(bt709),hue=s=0"
            }
        }

        var options: [String] {
            let tags = ["-color_primaries", "bt709", "-color_trc", "bt709"]
            let quality = ["-crf", self == .coarse ? "44" : "14"]
            return switch self {
            case .noTags: quality
            case .otherMatrixTagged: quality + tags + ["-colorspace", "smpte170m", "-color_range", "tv"]
            case .fullRangeTagged: quality + tags + ["-colorspace", "bt709", "-color_range", "pc"]
            default: quality + tags + ["-colorspace", "bt709", "-color_range", "tv"]
            }
        }

        /// What is said of it.
        var says: String {
            switch self {
            case .none: ""
            case .otherMatrix, .fullRangeUntagged, .swapped, .gray: "colours as a whole are off"
            case .otherMatrixTagged: "its colour matrix is smpte170m and not bt709"
            case .fullRangeTagged: "its colour range is pc and not tv"
            case .late: "11 of 12 frames"
            case .coarse: "12 of 12 frames"
            case .noTags: "does not say its colour matrix"
            }
        }
    }

    private func encode(_ pattern: String, to video: String, _ filter: String, _ options: [String]) async throws {
        try await FFmpeg.run(
            ["-framerate", "12", "-i", pattern, "-vf", filter, "-c:v", "libx264", "-preset", "veryfast"] + options
                + [video])
    }

    @Test(
        "a mistake of colour, time or quality is found and named, in bright and in dark scenes",
        arguments: Mistake.allCases, ["spectral", "waveform", "field"])
    func mistake(mistake: Mistake, scene: String) async throws {
        try await withPictures(scene) { program, pattern in
            let video = program.path("a.mp4")
            try await encode(pattern, to: video, mistake.filter, mistake.options)
            let outcome = try await verify(program, video, pattern, ["--worst", "12"])
            #expect(outcome.status == (mistake == .none ? 0 : 1), "\(outcome.text)\n\(outcome.errors)")
            #expect(outcome.errors.contains(mistake.says) || mistake == .none, "\(outcome.errors)")
            if mistake == .late {
                // The first frame is the one that is shown twice.
                for number in 1..<12 {
                    #expect(outcome.text.contains("FAILED: shows picture \(number - 1)\n"), "\(outcome.text)")
                }
            }
            // What has the right pixels and the wrong tags is judged by what a player makes of it.
            if [.otherMatrixTagged, .fullRangeTagged].contains(mistake) {
                #expect(!outcome.text.contains("FAILED"), "\(outcome.text)")
                #expect(!outcome.errors.contains("as a whole"), "\(outcome.errors)")
            }
        }
    }

    @Test("one frame with another picture is found, and named")
    func oneFrame() async throws {
        try await withPictures("topology") { program, pattern in
            let wrong = program.path("wrong")
            try FileManager.default.copyItem(atPath: program.path("f"), toPath: wrong)
            let image = try ImageFile.read("\(wrong)/007.png").mapped { $0.map { 255 - $0 } }
            try ImageFile.write(image, to: "\(wrong)/007.png")
            let video = program.path("a.mp4")
            try await encode("\(wrong)/%03d.png", to: video, Mistake.none.filter, Mistake.none.options)
            let outcome = try await verify(program, video, pattern, ["--json"])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("1 of 12 frames"), "\(outcome.errors)")
            #expect(outcome.errors.contains("the first is frame 7"), "\(outcome.errors)")
            #expect(try Report(outcome).frames.filter { !$0.passed }.map(\.number) == [7])
        }
    }

    /// Files that are not the video of the pictures.
    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case frame, truncated, truncatedWebM, missing, pictureMissing, pictureMore, size, text, empty, pixels, sound

        var testDescription: String { rawValue }
    }

    @Test("a file that is damaged, not whole, or another's ends with 65 and says so", arguments: Damage.allCases)
    func damaged(damage: Damage) async throws {
        try await withPictures("field") { program, pattern in
            let good = program.path(damage == .truncatedWebM ? "good.webm" : "good.mp4")
            try await render(program, "field", good)
            #expect(try await verify(program, good, pattern).status == 0)
            let video = program.path(damage == .truncatedWebM ? "bad.webm" : "bad.mp4")
            try await spoil(damage, good, video, program)
            let outcome = try await verify(program, video, pattern)
            #expect(outcome.status == 65, "\(outcome.text)\(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.split(separator: "\n").count == 1)
            let says =
                switch damage {
                case .frame, .truncated: "damaged or not whole"
                case .truncatedWebM: "bad.webm"
                case .missing: "has 11 frames and there are 12 pictures"
                case .pictureMissing: "has more than the 11 frames"
                case .pictureMore: "has 12 frames and there are 13 pictures"
                case .size: "has 160x90 pixels and"
                case .text: "it is no video"
                case .empty: "it is empty"
                case .pixels: "yuv444p"
                case .sound: "there is no video in it"
                }
            #expect(outcome.errors.contains(says), "\(outcome.errors)")
        }
    }

    private func spoil(_ damage: Damage, _ good: String, _ video: String, _ program: PhiMatrixProgram) async throws {
        var bytes = try Data(contentsOf: URL(filePath: good))
        func write() throws { try bytes.write(to: URL(filePath: video)) }
        switch damage {
        case .frame:
            // Behind the first packet, whose bytes are half of the file or more.
            let media = try #require(bytes.firstRange(of: Data("mdat".utf8))).upperBound
            let from = media + (bytes.count - media) * 3 / 4
            for n in from..<from + 400 { bytes[n] = 0xFF }
            try write()
        case .truncated, .truncatedWebM:
            bytes = bytes.prefix(bytes.count * 2 / 3)
            try write()
        case .missing: try await FFmpeg.run(["-i", good, "-frames:v", "11", "-c", "copy", video])
        case .pictureMissing:
            try FileManager.default.removeItem(atPath: program.path("f/011.png"))
            try write()
        case .pictureMore:
            try FileManager.default.copyItem(atPath: program.path("f/011.png"), toPath: program.path("f/012.png"))
            try write()
        case .size: try await FFmpeg.run(["-i", good, "-vf", "scale=160:90", video])
        case .text:
            bytes = Data("This is a text.\n".utf8)
            try write()
        case .empty:
            bytes = Data()
            try write()
        case .pixels: try await FFmpeg.run(["-i", good, "-pix_fmt", "yuv444p", video])
        case .sound:
            try await FFmpeg.run(["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", video])
        }
    }

    static let mistakes: [(video: String, options: [String], status: Int32, says: String)] = [
        ("nowhere.mp4", [], 74, "no such file"), ("", ["--frames", "/nowhere/%d.png"], 74, "/nowhere/0.png"),
        ("", ["--frames", "f.png"], 64, "%d"), ("", ["--psnr", "-3"], 64, "psnr"), ("", ["--psnr", "nan"], 64, "nan"),
        ("", ["--flip-mean", "2"], 64, "--flip-mean"), ("", ["--color-drift", "256"], 64, "--color-drift"),
        ("", ["--worst", "-1"], 64, "worst"),
    ]

    @Test("mistakes of the command line", arguments: mistakes.indices)
    func commandLine(number: Int) async throws {
        let mistake = Self.mistakes[number]
        try await withProgram { program in
            let video = program.path(mistake.video.isEmpty ? "a.mp4" : mistake.video)
            if mistake.video.isEmpty { try await render(program, "matrix", video) }
            let frames = mistake.options.first == "--frames" ? [] : ["--frames", program.path("%d.png")]
            let outcome = try await program.run(["verify", "video", video] + frames + mistake.options)
            #expect(outcome.status == mistake.status, "\(outcome.errors)")
            #expect(outcome.errors.contains(mistake.says), "\(outcome.errors)")
        }
    }
}
