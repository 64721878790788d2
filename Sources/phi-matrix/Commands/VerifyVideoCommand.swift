import ArgumentParser
import Foundation

/// Whether a video shows the pictures that it was made of.
struct VerifyVideoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "video", abstract: "Compares a video, frame by frame, with the pictures that it was made of.",
        discussion:
            "The video is decoded as its colour tags say, and each frame is compared with the PNG of its number, as render "
            + "writes both. What 4:2:0, one sample of colour for two by two pixels, takes from a picture is taken from the PNG "
            + "first; the column 'dB to the PNG' is without that. Exit codes: 0 all frames are close enough and the tags are those of BT.709 "
            + "in limited range, 1 they are not, 65 the video is damaged or not whole, or the two do not belong together, 74 a "
            + "file cannot be read.")

    @Argument(help: "The video.") var video: String

    @Option(help: ArgumentHelp("The pictures, numbered from 0, such as frames/%05d.png.", valueName: "pattern"))
    var frames: String

    @Option(help: ArgumentHelp("The least PSNR of a frame, dB.", valueName: "dB"))
    var psnr = 33.0

    @Option(help: ArgumentHelp("The greatest FLIP mean of a frame, 0 to 1.", valueName: "mean"))
    var flipMean = 0.07

    @Option(
        help: ArgumentHelp(
            "How far the colours of the whole video may be off, noise apart: the RMS over pure colours, 0 to 255 levels. "
                + "Another matrix makes 17.", valueName: "levels"))
    var colorDrift = 8.0

    @Option(help: ArgumentHelp("How many of the frames that are furthest off are listed.", valueName: "count"))
    var worst = 5

    @Flag(help: "Prints the figures of all frames as JSON.")
    var json = false

    func validate() throws {
        guard FramePattern(frames) != nil else {
            throw ValidationError(
                "'\(frames)' names no numbered pictures; give a pattern with one %d in the file's name, such as "
                    + "frames/%05d.png")
        }
        guard psnr.isFinite, (0...100).contains(psnr) else {
            throw ValidationError("A PSNR of \(psnr) dB makes no sense; give --psnr from 0 to 100")
        }
        guard (0...1).contains(flipMean) else {
            throw ValidationError("A limit of \(flipMean) makes no sense; give --flip-mean from 0 to 1")
        }
        guard (0...255).contains(colorDrift) else {
            throw ValidationError("A limit of \(colorDrift) makes no sense; give --color-drift from 0 to 255")
        }
        guard worst >= 0 else { throw ValidationError("\(worst) frames cannot be listed; give --worst from 0") }
    }

    func run() throws {
        guard let pattern = FramePattern(frames) else { return }
        let outcome = try check(pattern)
        print(json ? try Self.json(outcome) : text(outcome))
        guard outcome.failures == 0 else {
            let first = outcome.frames.first { !$0.passed }
            throw CommandError(
                .checkFailed,
                "\(outcome.failures) of \(outcome.frames.count) frames of \(video) are not as they were drawn, the first is "
                    + "frame \(first?.number ?? 0)\(Self.also(outcome.complaints)).")
        }
        guard outcome.complaints.isEmpty else {
            throw CommandError(
                .checkFailed,
                "The frames of \(video) look right, but \(outcome.complaints.joined(separator: ", and ")).")
        }
    }

    /// Compares, and tells a terminal how far it is.
    private func check(_ pattern: FramePattern) throws -> VideoCheck.Outcome {
        let isTerminal = isatty(STDERR_FILENO) == 1
        func show(_ text: String) {
            guard isTerminal else { return }
            try? FileHandle.standardError.write(contentsOf: Data("\r\(text)\u{1B}[K".utf8))
        }
        defer { show("") }
        let limits = VideoCheck.Limits(psnr: psnr, flipMean: flipMean, colorDrift: colorDrift)
        return try VideoCheck(video: video, pictures: pattern, limits: limits)
            .run { done, total in show("\(done) of \(total) frames") }
    }

    private static func also(_ complaints: [String]) -> String {
        complaints.isEmpty ? "" : "; and " + complaints.joined(separator: ", and ")
    }

    private func text(_ outcome: VideoCheck.Outcome) -> String {
        func row(_ name: String, _ psnr: Double, _ flip: Double, _ picture: Double?, _ mark: String = "") -> String {
            let name = name.padding(toLength: 8, withPad: " ", startingAt: 0)
            return String(format: "%@  %7.2f     %.4f", name, psnr, flip)
                + (picture.map { String(format: "        %7.2f", $0) } ?? "") + (mark.isEmpty ? "" : "  \(mark)")
        }
        let frames = outcome.frames, count = Double(frames.count)
        var lines = [
            "\(video): \(frames.count == 1 ? "1 frame" : "\(frames.count) frames"), \(outcome.width)x\(outcome.height), "
                + outcome.codec,
            "frame     PSNR dB  FLIP mean  dB to the PNG",
        ]
        for frame in outcome.worst(worst) {
            let mark = frame.passed ? "" : frame.shows.map { "FAILED: shows picture \($0)" } ?? "FAILED"
            lines.append(row("\(frame.number)", frame.psnr, frame.flipMean, frame.psnrOfPicture, mark))
        }
        func mean(_ value: (VideoCheck.Frame) -> Double) -> Double { frames.reduce(0) { $0 + value($1) } / count }
        lines.append(row("mean", mean(\.psnr), mean(\.flipMean), mean(\.psnrOfPicture)))
        lines.append(row("limit", psnr, flipMean, nil))
        lines.append(String(format: "colour drift %.2f levels, limit %.2f", outcome.colorDrift, colorDrift))
        return lines.joined(separator: "\n")
    }

    private static func json(_ outcome: VideoCheck.Outcome) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(outcome), as: UTF8.self)
    }
}
