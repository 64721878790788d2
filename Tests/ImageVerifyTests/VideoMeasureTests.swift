import Foundation
import ImageVerify
import Testing

/// What videos are measured by.
@Suite("Measures of video")
struct VideoMeasureTests {
    /// Blocks of eight colours, noise in all of them, and a ramp.
    private func picture(brightness: Double = 1, seed: UInt64 = 1) throws -> RasterImage {
        var state = seed
        var bytes: [UInt8] = []
        for y in 0..<96 {
            for x in 0..<128 {
                let corner = x / 16 + (y / 32) * 3
                for component in 0..<3 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let base = corner >> component & 1 == 1 ? 200.0 : 40
                    let value = base * (0.5 + Double(y) / 192) + Double(state >> 59) - 16
                    bytes.append(UInt8(min(max(value * brightness, 0), 255)))
                }
                bytes.append(255)
            }
        }
        return try #require(RasterImage(width: 128, height: 96, bytes: bytes))
    }

    private func mapped(_ image: RasterImage, _ change: (SIMD3<Double>) -> SIMD3<Double>) throws -> RasterImage {
        var bytes = image.bytes
        for n in stride(from: 0, to: bytes.count, by: 4) {
            let color = change(SIMD3(Double(bytes[n]), Double(bytes[n + 1]), Double(bytes[n + 2])))
            for k in 0..<3 { bytes[n + k] = UInt8(min(max(color[k].rounded(), 0), 255)) }
        }
        return try #require(RasterImage(width: image.width, height: image.height, bytes: bytes))
    }

    /// Encoded with the weights of one matrix and decoded with those of another.
    private func mismatched(_ color: SIMD3<Double>) -> SIMD3<Double> {
        func luma(_ w: SIMD2<Double>) -> Double { color.x * w.x + color.y * (1 - w.x - w.y) + color.z * w.y }
        let bt601 = SIMD2(0.299, 0.114), bt709 = SIMD2(0.2126, 0.0722)
        let y = luma(bt601), cr = (color.x - y) / (1 - bt601.x), cb = (color.z - y) / (1 - bt601.y)
        let red = y + cr * (1 - bt709.x), blue = y + cb * (1 - bt709.y)
        return SIMD3(red, (y - bt709.x * red - bt709.y * blue) / (1 - bt709.x - bt709.y), blue)
    }

    private func drift(_ expected: RasterImage, _ actual: RasterImage) -> Double {
        var drift = ColorDrift()
        let isAdded = drift.add(expected, actual)
        #expect(isAdded)
        return drift.levels
    }

    @Test("PSNR is that of the formula")
    func psnr() throws {
        let image = try picture()
        #expect(PSNR.of(image, image) == PSNR.best)
        // One level in one of three components of all pixels: 10 · log10(3 · 255²).
        let other = try mapped(image) { SIMD3($0.x + ($0.x < 255 ? 1 : -1), $0.y, $0.z) }
        #expect(abs(try #require(PSNR.of(image, other)) - 52.902) < 0.001)
        let small = try #require(RasterImage(width: 1, height: 1, bytes: [1, 2, 3, 255]))
        #expect(PSNR.of(image, small) == nil)
        var nothing = ColorDrift()
        let isAdded = nothing.add(image, small)
        #expect(!isAdded)
        #expect(nothing.levels == 0)
    }

    @Test("colours that are right have no drift, whatever noise there is")
    func noDrift() throws {
        let image = try picture()
        #expect(drift(image, image) == 0)
        var state: UInt64 = 9
        let noisy = try mapped(image) { color in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return color + SIMD3(repeating: Double(state >> 60) - 7.5)
        }
        #expect(try #require(PSNR.of(image, noisy)) < 36)
        #expect(drift(image, noisy) < 1.5)
    }

    @Test(
        "another matrix, another range and swapped components drift, in dark pictures as in bright ones",
        arguments: [1, 0.15])
    func drifts(brightness: Double) throws {
        let image = try picture(brightness: brightness)
        #expect((12..<19).contains(drift(image, try mapped(image, mismatched))))
        // Black is below 0 and white above 255 where full range is taken for limited.
        #expect(drift(image, try mapped(image) { ($0 - 16) * 255 / 219 }) > 10)
        #expect(drift(image, try mapped(image) { $0 * 219 / 255 + 16 }) > 10)
        #expect(drift(image, try mapped(image) { SIMD3($0.z, $0.y, $0.x) }) > 80)
        #expect(drift(image, try mapped(image) { SIMD3(repeating: ($0.x + $0.y + $0.z) / 3) }) > 50)
    }

    @Test("4:2:0 keeps grey and even colours, keeps luma, and takes the mean of colours; odd sizes as well")
    func chroma() throws {
        let gray = try mapped(try picture()) { SIMD3(repeating: $0.x) }
        #expect(gray.chromaSubsampled() == gray)
        let even = try mapped(try picture()) { _ in SIMD3(200, 30, 90) }
        #expect(even.chromaSubsampled() == even)
        // Columns of red and of cyan of the same luma: what colour there is cancels out.
        var bytes: [UInt8] = []
        for n in 0..<13 * 7 { bytes += n % 13 % 2 == 0 ? [150, 60, 60, 255] : [40, 92, 92, 255] }
        let stripes = try #require(RasterImage(width: 13, height: 7, bytes: bytes))
        let held = stripes.chromaSubsampled()
        func luma(_ p: RasterImage.Pixel) -> Double {
            0.2126 * Double(p.red) + 0.7152 * Double(p.green) + 0.0722 * Double(p.blue)
        }
        for y in 0..<7 {
            for x in 0..<10 {
                #expect(abs(luma(held[x, y]) - luma(stripes[x, y])) < 1)
                #expect(abs(Int(held[x, y].red) - Int(held[x, y].blue) - 19) <= 1, "\(held[x, y])")
            }
        }
    }
}
