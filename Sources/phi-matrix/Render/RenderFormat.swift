import ArgumentParser
import FrameCodec

/// What `render` writes, by the name of its output.
enum RenderFormat: Equatable {
    case mp4
    case webM
    case animatedPNG
    case pictures(FramePattern)

    /// - Throws: `ValidationError` for a name that tells of no format.
    init(output: String) throws {
        let ending = output.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased()
        switch ending {
        case "mp4": self = .mp4
        case "webm": self = .webM
        case "apng": self = .animatedPNG
        case "png":
            guard let pattern = FramePattern(output) else {
                throw ValidationError(
                    "One PNG holds one frame; number them with one %d in the file's name, as in --output 'frames/%05d.png', or "
                        + "give a name that ends in .apng for an animation")
            }
            self = .pictures(pattern)
        default:
            throw ValidationError(
                "'\(output)' tells of no format; give a name that ends in .mp4, .webm, .apng or %05d.png")
        }
    }

    /// Codecs, in the order in which they are tried; empty where pictures are written as they are. VP8 is none of them: by
    /// its bitstream it is BT.601, whatever the file says, and players differ in what they believe.
    var codecs: [VideoCodec] {
        switch self {
        case .mp4: [.h264]
        case .webM: [.vp9]
        case .animatedPNG, .pictures: []
        }
    }

    /// How sound is encoded; nil where there is none.
    var sound: AudioTrack.Codec? {
        switch self {
        case .mp4: .aac
        case .webM: .opus
        case .animatedPNG, .pictures: nil
        }
    }
}
