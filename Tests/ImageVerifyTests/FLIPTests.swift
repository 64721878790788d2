import Foundation
import Testing

@testable import ImageVerify

@Suite("FLIP")
struct FLIPTests {
    private func uniform(_ r: UInt8, _ g: UInt8, _ b: UInt8, width: Int = 37, height: Int = 23) throws -> RasterImage {
        try #require(
            RasterImage(
                width: width, height: height,
                bytes: (0..<width * height).flatMap { _ in [r, g, b, 255] }))
    }

    @Test("equal pictures have no difference, and sizes have to fit")
    func equal() throws {
        let grey = try uniform(100, 100, 100)
        let flip = try #require(FLIP(grey, grey))
        #expect(flip.mean == 0 && flip.p99 == 0 && flip.values.allSatisfy { $0 == 0 })
        #expect(FLIP(grey, try uniform(100, 100, 100, width: 38)) == nil)
    }

    @Test("black against white is what the paper's formulas give: 0.95 + (100^0.7 − knee) / (largest − knee) · 0.05")
    func blackAndWhite() throws {
        let flip = try #require(FLIP(try uniform(0, 0, 0), try uniform(255, 255, 255)))
        // The evaluator of the authors gives 0.96738833.
        #expect(abs(flip.mean - 0.967_388) < 2e-5)
        #expect(
            flip.values.allSatisfy { abs(Double($0) - flip.mean) < 1e-4 },
            "The edges of the picture are no edges in it.")
    }

    @Test("it does not matter which of the two is the reference")
    func symmetric() throws {
        let a = try uniform(200, 40, 90), b = try uniform(180, 60, 120)
        let there = try #require(FLIP(a, b)).mean, back = try #require(FLIP(b, a)).mean
        #expect(there == back && there > 0.01)
    }

    @Test("a spot is seen where it is, and nowhere far from it")
    func local() throws {
        let grey = try uniform(90, 90, 90, width: 80, height: 60)
        var bytes = grey.bytes
        for y in 28..<32 { for x in 38..<42 { bytes[(y * 80 + x) * 4] = 255 } }
        let spot = try #require(RasterImage(width: 80, height: 60, bytes: bytes))
        let flip = try #require(FLIP(grey, spot))
        let highest = try #require(flip.values.indices.max { flip.values[$0] < flip.values[$1] })
        #expect((27...32).contains(highest / 80) && (37...42).contains(highest % 80))
        #expect(flip.values[0] == 0 && flip.values[59 * 80 + 79] == 0)
        #expect(abs(flip.histogram(count: 32).reduce(0, +) - 1) < 1e-9)
    }

    @Test("filters pass what does not change, and detectors see nothing in it")
    func kernels() {
        let kernels = FLIPKernels(pixelsPerDegree: FLIP.standardPixelsPerDegree)
        func sum(_ row: FilterRow) -> Double { (0..<row.count).reduce(0) { $0 + Double(row.weights[$1]) } }
        #expect(abs(sum(kernels.lightness) - 1) < 1e-5)
        #expect(abs(sum(kernels.redGreen) - 1) < 1e-5)
        let wide = sum(kernels.blueYellow.0), narrow = sum(kernels.blueYellow.1)
        #expect(abs(wide * wide + narrow * narrow - 1) < 1e-5)
        #expect(abs(sum(kernels.bell) - 1) < 1e-5)
        #expect(abs(sum(kernels.edge)) < 1e-5)
        #expect(abs(sum(kernels.point)) < 1e-5)
    }

    @Test("powers agree with the library's to 2e-6", arguments: [0.33333334, 0.5, 0.7, 1, 2.4] as [Float])
    func powers(exponent: Float) {
        for step in 0...400 {
            let x = Double(step) * Double(step) * 0.001 + 1e-7
            let value = Double(SIMDMath.pow(.init(repeating: Float(x)), .init(repeating: exponent))[3])
            let right = Self.power(Double(Float(x)), Double(exponent))
            #expect(abs(value - right) <= 2e-6 * right, "\(x): \(value), wanted \(right)")
        }
        #expect(SIMDMath.pow(.zero, .init(repeating: exponent)) == .zero)
    }

    private static func power(_ x: Double, _ y: Double) -> Double { Foundation.pow(x, y) }
}
