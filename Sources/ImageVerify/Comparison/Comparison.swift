/// How two pictures of the same size differ.
public struct Comparison: Sendable {
    /// How many pixels differ by how much: at index d, those whose most different component differs by d levels.
    private let counts: [Int]
    /// The perceptual difference.
    public let flip: FLIP
    /// Whether the differences are the noise of rounding: see `RoundingNoise`.
    public let isRoundingNoise: Bool

    /// Compares two pictures; nil where their sizes differ.
    public init?(expected: RasterImage, actual: RasterImage) {
        guard let flip = FLIP(expected, actual) else { return nil }
        self.flip = flip
        var counts = [Int](repeating: 0, count: 256)
        expected.bytes.withUnsafeBufferPointer { a in
            actual.bytes.withUnsafeBufferPointer { b in
                for n in stride(from: 0, to: a.count, by: 4) {
                    var most: UInt8 = 0
                    for k in n..<(n + 4) { most = max(most, a[k] > b[k] ? a[k] - b[k] : b[k] - a[k]) }
                    counts[Int(most)] += 1
                }
            }
        }
        self.counts = counts
        isRoundingNoise = maximumIsOne(counts) && RoundingNoise.explains(expected, actual)
    }

    /// Whether every pixel is the same.
    public var isIdentical: Bool { maxDifference == 0 }

    /// The largest difference of a component, 0 … 255 levels.
    public var maxDifference: Int { counts.lastIndex { $0 > 0 } ?? 0 }

    /// The share of pixels with a component that differs by more than `levels`, [0, 1].
    public func outliers(beyond levels: Int) -> Double {
        Double(counts.dropFirst(levels + 1).reduce(0, +)) / Double(flip.width * flip.height)
    }
}

private func maximumIsOne(_ counts: [Int]) -> Bool { counts.dropFirst(2).allSatisfy { $0 == 0 } }

/// Differences of at most one level that are as often up as down wherever one looks: what is left where drivers round
/// differently. A gain, a shift of hue or a moved edge pushes a neighbourhood one way, and is not explained.
enum RoundingNoise {
    /// The side of a neighbourhood, pixels.
    private static let side = 8
    /// How far the mean difference of a component in a neighbourhood may be from 0, levels: noise of −1, 0 and 1 in equal
    /// shares stays within a third of it.
    private static let bias = 0.5

    static func explains(_ a: RasterImage, _ b: RasterImage) -> Bool {
        for top in stride(from: 0, to: a.height, by: side) {
            for left in stride(from: 0, to: a.width, by: side) {
                let bottom = min(top + side, a.height), right = min(left + side, a.width)
                var sum = SIMD4<Int>.zero
                for y in top..<bottom {
                    for x in left..<right {
                        let n = (y * a.width + x) * 4
                        for k in 0..<4 { sum[k] += Int(b.bytes[n + k]) - Int(a.bytes[n + k]) }
                    }
                }
                let area = Double((bottom - top) * (right - left))
                // Fewer pixels, as at the edge, are more easily off by chance: the bound is five times what chance makes.
                let allowed = bias * (Double(side * side) * area).squareRoot()
                for k in 0..<4 where abs(Double(sum[k])) > allowed { return false }
            }
        }
        return true
    }
}
