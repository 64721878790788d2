/// How far the colours of pictures are off as a whole, which tells another matrix, another range or swapped components from
/// the noise of compression, however dark or grey the pictures are.
///
/// The means of all areas are fitted by the affine map from what was expected to what is there. The noise of compression and
/// the blur of colours average out; what the map does to pure colours is left.
public struct ColorDrift: Sendable {
    /// The side of an area, pixels.
    public static let side = 16
    /// How much doubt there is of a map that is not the identity, in mean squares of a component of 0…1: colours that are
    /// hardly there tell nothing of themselves.
    private static let doubt = SIMD4(1e-4, 1e-4, 1e-4, 1e-6)

    /// Sums over all areas: red, green, blue and 1 times each of them, and times the difference of each component.
    private var squares = [SIMD4<Double>](repeating: .zero, count: 4)
    private var differences = [SIMD4<Double>](repeating: .zero, count: 4)
    private var count = 0.0

    public init() {}

    /// Adds the areas of a picture. False, and nothing is added, where the sizes differ.
    public mutating func add(_ expected: RasterImage, _ actual: RasterImage) -> Bool {
        guard (expected.width, expected.height) == (actual.width, actual.height) else { return false }
        for top in stride(from: 0, to: expected.height, by: Self.side) {
            for left in stride(from: 0, to: expected.width, by: Self.side) {
                let columns = left..<min(left + Self.side, expected.width)
                let rows = top..<min(top + Self.side, expected.height)
                var color = expected.mean(columns, rows)
                let difference = actual.mean(columns, rows) - color
                color.w = 1
                for n in 0..<4 {
                    squares[n] += color * color[n]
                    differences[n] += difference * color[n]
                }
                count += 1
            }
        }
        return true
    }

    /// How far black, white and the pure colours between are off, levels of 0…255: the root of the mean square over them and
    /// their components.
    public var levels: Double {
        guard count > 0 else { return 0 }
        let map = solution
        var sum = 0.0
        for corner in 0..<8 {
            var error = map[3]
            for n in 0..<3 where corner >> n & 1 == 1 { error += map[n] }
            sum += error.x * error.x + error.y * error.y + error.z * error.z
        }
        return 255 * (sum / 24).squareRoot()
    }

    /// What each of red, green, blue and 1 adds to the difference: the least squares, by Gaussian elimination. The matrix is
    /// positive definite, so that no row has to change its place.
    private var solution: [SIMD4<Double>] {
        var rows = squares, right = differences
        for n in 0..<4 { rows[n][n] += Self.doubt[n] * count }
        for n in 0..<4 {
            for below in n + 1..<4 {
                let factor = rows[below][n] / rows[n][n]
                rows[below] -= rows[n] * factor
                right[below] -= right[n] * factor
            }
        }
        for n in (0..<4).reversed() {
            for after in n + 1..<4 { right[n] -= right[after] * rows[n][after] }
            right[n] /= rows[n][n]
        }
        return right
    }
}

extension RasterImage {
    /// The mean colour of an area, 0…1.
    fileprivate func mean(_ columns: Range<Int>, _ rows: Range<Int>) -> SIMD4<Double> {
        var sum = SIMD4<UInt32>.zero
        bytes.withUnsafeBytes { bytes in
            for y in rows {
                for x in columns {
                    sum &+= SIMD4<UInt32>(
                        truncatingIfNeeded: bytes.loadUnaligned(
                            fromByteOffset: (y * width + x) * 4, as: SIMD4<UInt8>.self))
                }
            }
        }
        return SIMD4<Double>(sum) / Double(columns.count * rows.count * 255)
    }
}
