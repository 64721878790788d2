import CFFmpeg
import Testing

@testable import FrameCodec

@Suite("Colours of video")
struct ColorConversionTests {
    /// Y′CbCr of ITU-R BT.709 in limited range, 8 bits, in Double.
    private static func reference(_ r: Double, _ g: Double, _ b: Double) -> (Double, Double, Double) {
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b
        return (16 + 219 * y / 255, 128 + 224 * (b - y) / 1.8556 / 255, 128 + 224 * (r - y) / 1.5748 / 255)
    }

    private static func value(
        _ picture: PlanarPicture, plane: Int, x: Int, y: Int
    ) -> Double {
        let frame = picture.frame.pointee
        let (data, stride) =
            switch plane {
            case 0: (frame.data.0, frame.linesize.0)
            case 1: (frame.data.1, frame.linesize.1)
            default: (frame.data.2, frame.linesize.2)
            }
        return data.map { Double($0[y * Int(stride) + x]) } ?? .nan
    }

    @Test("every component is within one level of BT.709, limited range", arguments: [(64, 32), (70, 18), (6, 2)])
    func conversion(size: (Int, Int)) throws {
        let (width, height) = size
        var seed: UInt64 = 5
        // Two by two pixels have one colour, so that chroma needs no averaging to be compared.
        var pixels = [UInt8](repeating: 255, count: width * height * 4)
        for y in stride(from: 0, to: height, by: 2) {
            for x in stride(from: 0, to: width, by: 2) {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    for c in 0..<3 {
                        // Corners of the cube come often.
                        let level = UInt8(truncatingIfNeeded: seed >> (24 + 8 * c))
                        pixels[((y + dy) * width + x + dx) * 4 + c] = level < 64 ? 0 : level > 192 ? 255 : level
                    }
                }
            }
        }
        let picture = try PlanarPicture(width: width, height: height)
        pixels.withUnsafeBytes { picture.convert(rgba: $0, bytesPerRow: width * 4) }
        var worst = 0.0
        for y in 0..<height {
            for x in 0..<width {
                let at = (y * width + x) * 4
                let (luma, cb, cr) = Self.reference(Double(pixels[at]), Double(pixels[at + 1]), Double(pixels[at + 2]))
                worst = max(worst, abs(Self.value(picture, plane: 0, x: x, y: y) - luma))
                worst = max(worst, abs(Self.value(picture, plane: 1, x: x / 2, y: y / 2) - cb))
                worst = max(worst, abs(Self.value(picture, plane: 2, x: x / 2, y: y / 2) - cr))
            }
        }
        #expect(worst <= 1.25, "\(worst)")
    }

    @Test(
        "a square of pixels converts alike wherever it lies, and alpha counts for nothing",
        arguments: [14, 16, 18, 30, 32, 46, 70])
    func conversionIsTheSameEverywhere(width: Int) throws {
        var random = SystemRandomNumberGenerator()
        let height = 4
        let pixels = (0..<width * height * 4).map { _ in UInt8.random(in: 0...255, using: &random) }
        let picture = try PlanarPicture(width: width, height: height), alone = try PlanarPicture(width: 2, height: 2)
        pixels.withUnsafeBytes { picture.convert(rgba: $0, bytesPerRow: width * 4) }
        for y in stride(from: 0, to: height, by: 2) {
            for x in stride(from: 0, to: width, by: 2) {
                var square: [UInt8] = []
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let at = ((y + dy) * width + x + dx) * 4
                    square += pixels[at..<at + 3] + [255]
                }
                square.withUnsafeBytes { alone.convert(rgba: $0, bytesPerRow: 8) }
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    #expect(
                        Self.value(picture, plane: 0, x: x + dx, y: y + dy)
                            == Self.value(alone, plane: 0, x: dx, y: dy), "\(x + dx), \(y + dy): \(square)")
                }
                for plane in 1...2 {
                    #expect(
                        Self.value(picture, plane: plane, x: x / 2, y: y / 2)
                            == Self.value(alone, plane: plane, x: 0, y: 0), "plane \(plane) at \(x), \(y): \(square)")
                }
            }
        }
    }

    @Test("a reduced picture is the mean of its squares", arguments: [2, 4])
    func reduction(factor: Int) {
        let width = 8, height = 8
        let pixels = (0..<width * height * 4).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let picture = ReducedPicture(width: width / factor, height: height / factor)
        pixels.withUnsafeBytes { picture.fill(from: $0, width: width, height: height, factor: factor) }
        for y in 0..<height / factor {
            for x in 0..<width / factor {
                for c in 0..<4 {
                    var sum = 0
                    for dy in 0..<factor {
                        for dx in 0..<factor {
                            sum += Int(pixels[((y * factor + dy) * width + x * factor + dx) * 4 + c])
                        }
                    }
                    let mean = (sum + factor * factor / 2) / (factor * factor)
                    #expect(Int(picture.pixels[(y * width / factor + x) * 4 + c]) == mean)
                }
            }
        }
    }
}
