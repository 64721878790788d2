/// Makes RGBA pictures smaller by a half or a quarter: the mean of each square of pixels, as encoded.
enum PictureReduction {
    /// - Parameters:
    ///   - factor: 2 or 4.
    ///   - target: `width / factor` × `height / factor` pixels, rows without padding.
    static func reduce(
        _ source: UnsafeRawPointer, width: Int, height: Int, by factor: Int, into target: UnsafeMutableRawPointer
    ) {
        let (columns, rows) = (width / factor, height / factor)
        for row in 0..<rows {
            let first = source + row * factor * width * 4
            let out = target + row * columns * 4
            for column in 0..<columns {
                var sum = SIMD4<UInt16>()
                var line = first + column * factor * 4
                for _ in 0..<factor {
                    for x in 0..<factor {
                        sum &+= SIMD4<UInt16>(
                            truncatingIfNeeded: line.loadUnaligned(fromByteOffset: x * 4, as: SIMD4<UInt8>.self))
                    }
                    line += width * 4
                }
                let shift = UInt16(factor == 2 ? 2 : 4)
                let mean = (sum &+ (1 &<< (shift - 1))) &>> shift
                out.storeBytes(
                    of: SIMD4<UInt8>(truncatingIfNeeded: mean), toByteOffset: column * 4, as: SIMD4<UInt8>.self)
            }
        }
    }
}
