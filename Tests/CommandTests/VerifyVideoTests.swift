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
    enum Mistake: CaseIterable {
        case none, otherMatrix, otherMatrixTagged, fullRangeUntagged, fullRangeTagged, swapped, late, coarse, noTags,
            gray

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
        arguments: ["spectral", "waveform", "field"])
    func mistakes(scene: String) async throws {
        try await withPictures(scene) { program, pattern in
            for mistake in Mistake.allCases {
                let video = program.path("\(mistake).mp4")
                try await encode(pattern, to: video, mistake.filter, mistake.options)
                let outcome = try await verify(program, video, pattern, ["--worst", "12"])
                #expect(outcome.status == (mistake == .none ? 0 : 1), "\(mistake): \(outcome.text)\n\(outcome.errors)")
                #expect(outcome.errors.contains(mistake.says) || mistake == .none, "\(mistake): \(outcome.errors)")
                if mistake == .late {
                    // The first frame is the one that is shown twice.
                    for number in 1..<12 {
                        #expect(outcome.text.contains("FAILED: shows picture \(number - 1)\n"), "\(outcome.text)")
                    }
                }
                // What has the right pixels and the wrong tags is judged by what a player makes of it.
                if [.otherMatrixTagged, .fullRangeTagged].contains(mistake) {
                    #expect(!outcome.text.contains("FAILED"), "\(mistake): \(outcome.text)")
                    #expect(!outcome.errors.contains("as a whole"), "\(mistake): \(outcome.errors)")
                }
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
    enum Damage: CaseIterable {
        case frame, truncated, truncatedWebM, missing, size, text, empty, pixels, sound, pictureMore, pictureMissing
    }

    @Test("a file that is damaged, not whole, or another's ends with 65 and says so")
    func damaged() async throws {
        try await withPictures("field") { program, pattern in
            for name in ["good.mp4", "good.webm"] {
                try await render(program, "field", program.path(name))
                #expect(try await verify(program, program.path(name), pattern).status == 0)
            }
            for damage in Damage.allCases {
                let ending = damage == .truncatedWebM ? "webm" : "mp4"
                let video = program.path("\(damage).\(ending)")
                try await spoil(damage, program.path("good.\(ending)"), video, program)
                let outcome = try await verify(program, video, pattern)
                #expect(outcome.status == 65, "\(damage): \(outcome.text)\(outcome.errors)")
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.split(separator: "\n").count == 1)
                #expect(outcome.errors.contains(says(damage)), "\(damage): \(outcome.errors)")
            }
        }
    }

    private func says(_ damage: Damage) -> String {
        switch damage {
        case .frame, .truncated: "damaged or not whole"
        case .truncatedWebM: "truncatedWebM.webm"
        case .missing: "has 11 frames and there are 12 pictures"
        case .size: "has 160x90 pixels and"
        case .text: "it is no video"
        case .empty: "it is empty"
        case .pixels: "yuv444p"
        case .sound: "there is no video in it"
        case .pictureMore: "has 12 frames and there are 13 pictures"
        case .pictureMissing: "has more than the 11 frames"
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
        case .size: try await FFmpeg.run(["-i", good, "-vf", "scale=160:90", video])
        case .text:
            bytes = Data("This is a text.\n".utf8)
            try write()
        case .empty:
            bytes = Data()
            try write()
        case .pixels: try await FFmpeg.run(["-i", good, "-pix_fmt", "yuv444p", video])
        case .sound: try await FFmpeg.run(["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", video])
        case .pictureMore:
            try FileManager.default.copyItem(atPath: program.path("f/011.png"), toPath: program.path("f/012.png"))
            try write()
        case .pictureMissing:
            // What was added before goes as well.
            for number in ["011", "012"] { try FileManager.default.removeItem(atPath: program.path("f/\(number).png")) }
            try write()
        }
    }

    @Test("mistakes of the command line, and files that are not there")
    func commandLine() async throws {
        try await withProgram { program in
            let video = program.path("a.mp4"), pattern = program.path("%d.png")
            try await render(program, "matrix", video)
            for (arguments, status, says): ([String], Int32, String) in [
                ([program.path("nowhere.mp4"), "--frames", pattern], 74, "no such file"),
                ([program.folder.path, "--frames", pattern], 65, "it is not a file"),
                ([video, "--frames", pattern], 74, "0.png"), ([video, "--frames", "f.png"], 64, "%d"),
                ([video], 64, "--frames"),
                ([video, "--frames", "%d/f.png"], 64, "in the file's name"),
                ([video, "--frames", pattern, "--psnr", "nan"], 64, "nan"),
                ([video, "--frames", pattern, "--psnr", "101"], 64, "--psnr"),
                ([video, "--frames", pattern, "--flip-mean", "2"], 64, "--flip-mean"),
                ([video, "--frames", pattern, "--color-drift", "256"], 64, "--color-drift"),
            ] {
                let outcome = try await program.run(["verify", "video"] + arguments)
                #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
                #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
        }
    }
}
