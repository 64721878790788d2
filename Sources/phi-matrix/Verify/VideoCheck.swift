import FrameCodec
import Foundation
import ImageVerify

/// Compares a video, frame by frame, with the pictures that it was made of.
struct VideoCheck {
    /// What has to be reached.
    struct Limits: Encodable {
        /// The least PSNR of a frame, dB.
        var psnr: Double
        /// The greatest FLIP mean of a frame.
        var flipMean: Double
        /// The greatest `ColorDrift` of all frames together, levels.
        var colorDrift: Double
        /// By how much another picture may fit better than a frame's own, dB.
        var neighborGain = 1.0

        func allows(_ frame: Frame) -> Bool {
            frame.psnr >= psnr && frame.flipMean <= flipMean && frame.shows == nil
        }
    }

    /// How far one frame is from its picture.
    struct Frame: Encodable {
        var number: Int
        /// From what 4:2:0 can hold of the picture, dB.
        var psnr: Double
        /// From what 4:2:0 can hold of the picture.
        var flipMean: Double
        /// From the picture itself, dB: what 4:2:0 takes away is in it.
        var psnrOfPicture: Double
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
        /// How far the colours of all frames together are off, levels.
        var colorDrift: Double
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
                frame.shows == nil ? -1 : 1)
        }

        private enum CodingKeys: CodingKey {
            case video, codec, width, height, limits, passed, colorDrift, complaints, failures, worst, frames
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(video, forKey: .video)
            try container.encode(codec, forKey: .codec)
            try container.encode(width, forKey: .width)
            try container.encode(height, forKey: .height)
            try container.encode(limits, forKey: .limits)
            try container.encode(passed, forKey: .passed)
            try container.encode(colorDrift, forKey: .colorDrift)
            try container.encode(complaints, forKey: .complaints)
            try container.encode(failures, forKey: .failures)
            try container.encode(worst(1).first?.number, forKey: .worst)
            try container.encode(frames, forKey: .frames)
        }
    }

    /// A picture, and what 4:2:0 can hold of it.
    private struct Expected {
        let picture: RasterImage
        let held: RasterImage

        init(_ path: String) throws {
            picture = try ImageFile.read(path)
            held = picture.chromaSubsampled()
        }
    }

    let video: String
    let pictures: FramePattern
    let limits: Limits

    /// - Parameter progress: Called with the frames that are compared, and with all there are.
    /// - Throws: `ContainerError`, `ImageFileError`, or `CommandError` where the two do not belong together.
    func run(progress: (Int, Int) -> Void) throws -> Outcome {
        let reader = try VideoFileReader(path: video)
        let total = try pictureCount()
        var outcome = Outcome(
            video: video, codec: reader.codecName, width: 0, height: 0, limits: limits, colorDrift: 0, complaints: [],
            frames: [])
        var drift = ColorDrift()
        // The picture of the frame, and those beside it.
        var window: [Int: Expected] = [:]
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
                window[near] = try Expected(pictures.path(near))
            }
            outcome.frames.append(try judge(picture, number, window, &drift))
            progress(number + 1, total)
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
        outcome.colorDrift = drift.levels
        if outcome.colorDrift > limits.colorDrift {
            outcome.complaints.insert(
                String(
                    format: "its colours as a whole are off by %.1f levels, as with another matrix or range",
                    outcome.colorDrift), at: 0)
        }
        return outcome
    }

    private func judge(
        _ picture: VideoFileReader.Picture, _ number: Int, _ window: [Int: Expected], _ drift: inout ColorDrift
    ) throws -> Frame {
        guard let expected = window[number],
            let actual = RasterImage(width: picture.width, height: picture.height, bytes: picture.bytes),
            drift.add(expected.held, actual), let psnr = PSNR.of(expected.held, actual),
            let flip = FLIP(expected.held, actual), let ofPicture = PSNR.of(expected.picture, actual)
        else {
            let size = window[number].map { "\($0.picture.width)x\($0.picture.height)" } ?? "none"
            throw CommandError(
                .badInput,
                "Frame \(number) of \(video) has \(picture.width)x\(picture.height) pixels and \(pictures.path(number)) "
                    + "has \(size); give the pictures of this video.")
        }
        var frame = Frame(number: number, psnr: psnr, flipMean: flip.mean, psnrOfPicture: ofPicture)
        for near in [number - 1, number + 1] {
            guard let other = window[near], let fit = PSNR.of(other.held, actual), fit > psnr + limits.neighborGain
            else { continue }
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
