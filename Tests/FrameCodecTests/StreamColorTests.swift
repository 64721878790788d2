import FrameCodec
import Foundation
import ImageVerify
import ProgramHarness
import Testing

/// Rendered pictures, through the encoders of live streams and back.
@Suite("Colours of live streams")
struct StreamColorTests {
    private static let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens")

    /// A rendered picture of even sides.
    private func golden(_ name: String) throws -> RasterImage {
        let image = try ImageFile.read(Self.goldens.appending(path: "\(name).png").path)
        try #require(image.width % 2 == 0 && image.height % 2 == 0)
        return image
    }

    /// The picture as a live stream of a few frames, in a file.
    private func stream(_ image: RasterImage, _ codec: VideoCodec, _ path: String) throws -> String {
        let opened = try EncoderLadder(codec).open(
            VideoSettings(width: image.width, height: image.height, framesPerSecond: 30, bitsPerSecond: 8_000_000))
        let picture = try PlanarPicture(width: image.width, height: image.height)
        image.bytes.withUnsafeBytes { picture.convert(rgba: $0, bytesPerRow: image.width * 4) }
        let writer = try ContainerWriter(
            target: path, format: codec == .h264 ? .fragmentedMP4 : .webM,
            video: VideoTrack(codec: codec, width: image.width, height: image.height, framesPerSecond: 30))
        for number in 0..<4 {
            for packet in try opened.encoder.encode(picture, index: Int64(number), isKeyWanted: number == 0) {
                try writer.writeVideo(packet)
            }
        }
        try writer.finish()
        return opened.encoder.name
    }

    @Test(
        "a decoded frame has the colours of the picture that was drawn", arguments: VideoCodec.allCases,
        ["spectral-balanced", "topology-balanced", "field-balanced"])
    func colors(codec: VideoCodec, name: String) async throws {
        let folder = try ScratchFolder()
        let image = try golden(name)
        let path = folder.path(codec == .h264 ? "a.mp4" : "a.webm")
        let encoder = try stream(image, codec, path)

        let reader = try VideoFileReader(path: path)
        var last: VideoFileReader.Picture?
        var count = 0
        while let picture = try reader.next() { (last, count) = (picture, count + 1) }
        #expect(count == 4)
        let picture = try #require(last)
        #expect(picture.tags.complaints.isEmpty, "\(encoder): \(picture.tags)")
        let decoded = try #require(RasterImage(width: picture.width, height: picture.height, bytes: picture.bytes))
        try expectColors(of: image, decoded, encoder)

        // Another decoder, and another conversion, by the same tags. Of VP8 ffmpeg believes the stream, and browsers the file.
        let frames = try await FFmpeg.pictures(
            of: path, size: (image.width, image.height), matrix: codec == .vp8 ? "bt709" : "auto")
        let rgb = try #require(frames.last)
        var bytes = image.bytes
        for n in 0..<image.width * image.height {
            for k in 0..<3 { bytes[4 * n + k] = rgb[rgb.startIndex + 3 * n + k] }
        }
        let other = try #require(RasterImage(width: image.width, height: image.height, bytes: bytes))
        try expectColors(of: image, other, "\(encoder) and ffmpeg")
    }

    private func expectColors(of image: RasterImage, _ decoded: RasterImage, _ what: String) throws {
        var drift = ColorDrift()
        let isAdded = drift.add(image, decoded)
        #expect(isAdded)
        // The limit of verify video; another matrix makes 17 levels, another range more.
        #expect(drift.levels < 8, "\(what)")
        let psnr = try #require(PSNR.of(image.chromaSubsampled(), decoded))
        #expect(psnr > 33, "\(what)")
    }

    @Test(
        "a picture whose red and blue are swapped before it is encoded is seen to be off",
        arguments: VideoCodec.allCases)
    func swapped(codec: VideoCodec) throws {
        let folder = try ScratchFolder()
        let image = try golden("spectral-balanced")
        var bytes = image.bytes
        for n in stride(from: 0, to: bytes.count, by: 4) { bytes.swapAt(n, n + 2) }
        let path = folder.path(codec == .h264 ? "a.mp4" : "a.webm")
        _ = try stream(try #require(RasterImage(width: image.width, height: image.height, bytes: bytes)), codec, path)
        let picture = try #require(try VideoFileReader(path: path).next())
        let decoded = try #require(RasterImage(width: picture.width, height: picture.height, bytes: picture.bytes))
        var drift = ColorDrift()
        let isAdded = drift.add(image, decoded)
        #expect(isAdded)
        #expect(drift.levels > 60)
    }
}
