import FrameCodec
import Foundation
import ImageVerify

/// Compares a video, frame by frame, with the pictures that it was made of.
struct VideoCheck {
    /// What every frame has to reach.
    struct Limits: Encodable {
        /// The least PSNR, dB.
        var psnr: Double
        /// The greatest FLIP mean.
        var flipMean: Double
        /// The greatest `ColorDrift`, levels.
        var colorDrift: Double
        /// By how much another picture may fit better than a frame's own, dB.
        var neighborGain = 1.0

        func allows(_ frame: Frame) -> Bool {
            frame.psnr >= psnr && frame.flipMean <= flipMean && frame.colorDrift <= colorDrift && frame.shows == nil
        }
    }

    /// How far one frame is from its picture.
    struct Frame: Encodable {
        var number: Int
        /// dB.
        var psnr: Double
        var flipMean: Double
        /// Levels.
        var colorDrift: Double
        /// The number of the picture next to its own that it shows instead; nil where its own fits.
        var shows: Int?
        var passed = false
    }

    /// What came of it.
    struct Outcome: Encodable {
        var video: String
        var codec: String
        var width: Int
        var height: Int
        var limits: Limits
        /// What is wrong with its colours, as ends of sentences.
        var complaints: [String]
        var frames: [Frame]

        var passed: Bool { complaints.isEmpty && frames.allSatisfy(\.passed) }
        var failures: Int { frames.count { !$0.passed } }
        /// The frames that are furthest off, the worst first.
        func worst(_ count: Int) -> [Frame] {
            Array(frames.sorted { excess($0) > excess($1) }.prefix(count))
        }

        private func excess(_ frame: Frame) -> Double {
            max(
                (limits.psnr - frame.psnr) / 10, (frame.flipMean - limits.flipMean) / max(limits.flipMean, 1e-3),
                (frame.colorDrift - limits.colorDrift) / max(limits.colorDrift, 1e-3), frame.shows == nil ? -1 : 1)
        }

        private enum CodingKeys: CodingKey {
            case video, codec, width, height, limits, passed, complaints, failures, worst, frames
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(video, forKey: .video)
            try container.encode(codec, forKey: .codec)
            try container.encode(width, forKey: .width)
            try container.encode(height, forKey: .height)
            try container.encode(limits, forKey: .limits)
            try container.encode(passed, forKey: .passed)
            try container.encode(complaints, forKey: .complaints)
            try container.encode(failures, forKey: .failures)
            try container.encode(worst(1).first?.number, forKey: .worst)
            try container.encode(frames, forKey: .frames)
        }
    }

    let video: String
    let pictures: FramePattern
    let limits: Limits

    /// - Throws: `ContainerError`, `ImageFileError`, or `CommandError` where the two do not belong together.
    func run() throws -> Outcome {
        let total = try pictureCount()
        let reader = try VideoFileReader(path: video)
        var outcome = Outcome(
            video: video, codec: reader.codecName, width: 0, height: 0, limits: limits, complaints: [], frames: [])
        // The picture of the frame, and those beside it.
        var window: [Int: RasterImage] = [:]
        while let picture = try reader.next() {
            let number = outcome.frames.count
            guard number < total else {
                throw CommandError(
                    .badInput,
                    "\(video) has more than the \(total) frames that there are pictures for; give the pictures of this video."
                )
            }
            window[number - 2] = nil
            for near in max(number - 1, 0)...min(number + 1, total - 1) where window[near] == nil {
                window[near] = try ImageFile.read(pictures.path(near))
            }
            outcome.frames.append(try judge(picture, number, window))
            for complaint in picture.tags.complaints where !outcome.complaints.contains(complaint) {
                outcome.complaints.append(complaint)
            }
            (outcome.width, outcome.height) = (picture.width, picture.height)
        }
        guard outcome.frames.count == total else {
            throw CommandError(
                .badInput,
                "\(video) has \(outcome.frames.count) frames and there are \(total) pictures; either frames are missing, or it "
                    + "is not whole, or these are the pictures of another video.")
        }
        return outcome
    }

    private func judge(
        _ picture: VideoFileReader.Picture, _ number: Int, _ window: [Int: RasterImage]
    ) throws -> Frame {
        guard let expected = window[number],
            let actual = RasterImage(width: picture.width, height: picture.height, bytes: picture.bytes),
            let psnr = PSNR.of(expected, actual), let flip = FLIP(expected, actual),
            let drift = ColorDrift.of(expected, actual)
        else {
            throw CommandError(
                .badInput,
                "Frame \(number) of \(video) has \(picture.width)x\(picture.height) pixels and \(pictures.path(number)) "
                    + "has \(window[number].map { "\($0.width)x\($0.height)" } ?? "none"); give the pictures of this video."
            )
        }
        var frame = Frame(number: number, psnr: psnr, flipMean: flip.mean, colorDrift: drift)
        for near in [number - 1, number + 1] {
            guard let other = window[near], let fit = PSNR.of(other, actual), fit > psnr + limits.neighborGain else {
                continue
            }
            frame.shows = near
        }
        frame.passed = limits.allows(frame)
        return frame
    }

    private func pictureCount() throws -> Int {
        var count = 0
        while FileManager.default.fileExists(atPath: pictures.path(count)) { count += 1 }
        guard count > 0 else {
            throw CommandError(
                .inputOutput, "There is no picture \(pictures.path(0)); give --frames the pattern that render wrote.")
        }
        return count
    }
}
