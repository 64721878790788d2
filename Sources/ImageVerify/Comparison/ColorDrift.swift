/// How far the colours of a picture are off over whole areas: what is left once the noise of compression and the blur of
/// colours with few samples average out. Another matrix, another range or swapped components show here, however dark the
/// picture is.
public enum ColorDrift {
    /// The side of an area, pixels.
    public static let side = 16

    /// The difference of the mean of a component over an area, levels: what 1 % of the areas exceed; nil where the sizes
    /// differ.
    public static func of(_ expected: RasterImage, _ actual: RasterImage) -> Double? {
        guard (expected.width, expected.height) == (actual.width, actual.height) else { return nil }
        var drifts: [Double] = []
        for top in stride(from: 0, to: expected.height, by: side) {
            for left in stride(from: 0, to: expected.width, by: side) {
                let bottom = min(top + side, expected.height), right = min(left + side, expected.width)
                let sum = difference(expected, actual, columns: left..<right, rows: top..<bottom)
                let most = max(abs(sum.x), abs(sum.y), abs(sum.z))
                drifts.append(Double(most) / Double((bottom - top) * (right - left)))
            }
        }
        drifts.sort()
        return drifts[(drifts.count - 1) * 99 / 100]
    }

    private static func difference(
        _ expected: RasterImage, _ actual: RasterImage, columns: Range<Int>, rows: Range<Int>
    ) -> SIMD4<Int32> {
        var sum = SIMD4<Int32>.zero
        expected.bytes.withUnsafeBytes { a in
            actual.bytes.withUnsafeBytes { b in
                for y in rows {
                    for x in columns {
                        let n = (y * expected.width + x) * 4
                        sum &+= SIMD4<Int32>(
                            truncatingIfNeeded: b.loadUnaligned(fromByteOffset: n, as: SIMD4<UInt8>.self))
                        sum &-= SIMD4<Int32>(
                            truncatingIfNeeded: a.loadUnaligned(fromByteOffset: n, as: SIMD4<UInt8>.self))
                    }
                }
            }
        }
        return sum
    }
}
