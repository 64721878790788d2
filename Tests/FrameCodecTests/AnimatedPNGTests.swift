import Foundation
import PNGCodec
import ProgramHarness
import Testing

@Suite("Animated PNG")
struct AnimatedPNGTests {
    private func frame(_ number: Int, width: Int, height: Int) throws -> (pixels: [UInt8], png: [UInt8]) {
        var pixels = gradient(width: width, height: height)
        for n in pixels.indices where n % 4 != 3 { pixels[n] &+= UInt8(truncatingIfNeeded: number * 17) }
        return (
            pixels,
            try pixels.withUnsafeBytes { try PNGEncoder.encode($0, width: width, height: height, fast: true) }
        )
    }

    @Test(
        "another program finds every pixel of every frame, and the rate",
        arguments: [(1, 1, 1), (33, 17, 60), (64, 48, 240)])
    func frames(width: Int, height: Int, rate: Int) async throws {
        let folder = try ScratchFolder()
        var animation = AnimatedPNG(frames: 5, framesPerSecond: rate)
        var file: [UInt8] = []
        var expected: [[UInt8]] = []
        for number in 0..<5 {
            let frame = try frame(number, width: width, height: height)
            file += try animation.append(frame.png)
            expected.append(stride(from: 0, to: frame.pixels.count, by: 4).flatMap { frame.pixels[$0..<($0 + 3)] })
        }
        let path = folder.path("a.apng")
        try Data(file).write(to: URL(filePath: path))
        let frames = try await FFmpeg.pictures(of: path, size: (width, height)).map { [UInt8]($0) }
        let isSame = frames == expected
        #expect(isSame)
        #expect(try await MediaProbe(path).rate == Double(rate))
        // The first frame is the picture for who knows no animations.
        let first = try PNGDecoder.decode(file)
        let isFirst = first.bytes == (try frame(0, width: width, height: height)).pixels
        #expect(isFirst)
    }

    @Test("what is no PNG, or one frame too many, is refused")
    func refused() throws {
        let png = try frame(0, width: 4, height: 4).png
        for bad in [[], [1, 2, 3], Array(png.prefix(png.count / 2)), [UInt8](repeating: 0, count: 100)] {
            var animation = AnimatedPNG(frames: 2, framesPerSecond: 30)
            #expect(throws: PNGError.self) { _ = try animation.append(bad) }
        }
        var animation = AnimatedPNG(frames: 1, framesPerSecond: 30)
        _ = try animation.append(png)
        #expect(throws: PNGError.self) { _ = try animation.append(png) }
    }
}
