import Foundation

/// How far a picture is from another, level by level.
public enum PSNR {
    /// The peak signal-to-noise ratio over red, green and blue, dB: 20 · log10(255 / RMS difference). 100 where they are the
    /// same, since infinity is no number in JSON; nil where the sizes differ.
    public static func of(_ expected: RasterImage, _ actual: RasterImage) -> Double? {
        guard (expected.width, expected.height) == (actual.width, actual.height) else { return nil }
        var sum: UInt64 = 0
        expected.bytes.withUnsafeBytes { a in
            actual.bytes.withUnsafeBytes { b in
                for n in stride(from: 0, to: a.count, by: 4) {
                    let left = a.loadUnaligned(fromByteOffset: n, as: SIMD4<UInt8>.self)
                    let right = b.loadUnaligned(fromByteOffset: n, as: SIMD4<UInt8>.self)
                    var difference = SIMD4<Int32>(truncatingIfNeeded: left) &- SIMD4<Int32>(truncatingIfNeeded: right)
                    difference.w = 0
                    sum += UInt64((difference &* difference).wrappedSum())
                }
            }
        }
        guard sum > 0 else { return best }
        let mean = Double(sum) / Double(expected.width * expected.height * 3)
        return min(10 * log10(255 * 255 / mean), best)
    }

    /// What identical pictures get, dB.
    public static let best = 100.0
}
