import FrameCodec
import Foundation
import ProgramHarness
import Testing

@Suite("Containers") struct ContainerTests {
    @Test("A fragmented MP4 of live packets: duration, rate, colours; and it opens wherever it was cut off")
    func fragmented() async throws {
        let folder = try ScratchFolder()
        let file = folder.path("live.mp4")
        let encoder = try EncoderLadder(.h264).open(
            VideoSettings(width: 128, height: 96, framesPerSecond: 60, bitsPerSecond: 1_000_000)
        ).encoder
        let writer = try ContainerWriter(
            target: file, format: .fragmentedMP4,
            video: VideoTrack(codec: .h264, width: 128, height: 96, framesPerSecond: 60, unit: .microseconds))
        var sizes: [Int] = []
        for n in 0..<240 {
            let picture = try SyntheticPicture.moving(n, width: 128, height: 96)
            for packet in try encoder.encode(picture.planar, index: Int64(n), isKeyWanted: n == 0) {
                // Times of a clock that has run for long.
                let time = 5_000_000_000_000 + (Int64(n) * 1_000_000 + 30) / 60
                try packet.bytes.withUnsafeBytes {
                    try writer.writeVideo($0, isKey: packet.isKey, presentation: time)
                }
            }
            sizes.append(try folder.size(file))
        }
        // What a killed program would have left: at most a second is not on the disk yet.
        let killed = try await MediaProbe(try folder.copy(file, as: "killed.mp4"))
        #expect(killed.duration > 3, "\(killed)")
        try writer.finish()
        let whole = try await MediaProbe(file)
        #expect(abs(whole.duration - 4) < 0.001, "\(whole)")
        #expect(whole.frames == 240)
        #expect(whole.rate == 60)
        #expect(whole.colors == ["tv", "bt709", "bt709", "bt709"])
        #expect(whole.start == 0)
        // Behind the first fragment any part of the file is a video.
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let first = try #require(sizes.firstIndex { $0 > sizes[0] + 2_000 }.map { sizes[$0] })
        for n in 0..<6 {
            let length = first + (bytes.count - first) * n / 6 + (n * 37) % 200
            let part = folder.path("part\(n).mp4")
            try Data(bytes.prefix(length)).write(to: URL(filePath: part))
            let report = try await MediaProbe(part)
            #expect(report.frames >= 29, "\(length) of \(bytes.count) bytes: \(report)")
        }
    }
}
