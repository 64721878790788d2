/// RGB to Y′CbCr by ITU-R BT.709 in limited range (luma 16…235, chroma 16…240), 4:2:0.
///
/// The coefficients are those of BT.709-6 §3 for 8 bits, times 256. Rounded to whole numbers they put a component off by
/// less than one level; grey stays exactly without colour, since each row of chroma sums to zero.
///
/// Two components of a pixel lie in each 32 bits (red and blue, green and alpha), so that a pixel takes two
/// multiplications of 16 bits whatever the processor has, and nothing has to be shuffled.
enum BT709 {
    private typealias Wide = SIMD16<UInt16>

    /// Pixels that are converted together, in each of two rows.
    private static let step = 8

    /// Converts one pair of rows: `width` pixels of each to luma, and a quarter of them, averaged, to chroma.
    /// - Parameter width: Even.
    static func convert(
        _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer, width: Int,
        upperLuma: UnsafeMutablePointer<UInt8>, lowerLuma: UnsafeMutablePointer<UInt8>,
        cb: UnsafeMutablePointer<UInt8>, cr: UnsafeMutablePointer<UInt8>
    ) {
        var x = 0
        while x + step <= width {
            let a = upper.loadUnaligned(fromByteOffset: x * 4, as: Wide.self)
            let b = lower.loadUnaligned(fromByteOffset: x * 4, as: Wide.self)
            let (aRB, aG) = split(a)
            let (bRB, bG) = split(b)
            store(luma(aRB, aG), upperLuma + x)
            store(luma(bRB, bG), lowerLuma + x)
            let rb = quarter(aRB &+ bRB), g = quarter(aG &+ bG)
            store(chroma(rb, g, (-26, -86, 112)), cb + x / 2)
            store(chroma(rb, g, (112, -102, -10)), cr + x / 2)
            x += step
        }
        while x < width {
            convertSquare(upper + x * 4, lower + x * 4, upperLuma + x, lowerLuma + x, cb + x / 2, cr + x / 2)
            x += 2
        }
    }

    /// Red and blue of each pixel, and its green; alpha is dropped by its coefficient.
    @inline(__always)
    private static func split(_ pixels: Wide) -> (redBlue: Wide, green: Wide) {
        (pixels & Wide(repeating: 0xFF), pixels &>> 8)
    }

    @inline(__always)
    private static func luma(_ redBlue: Wide, _ green: Wide) -> SIMD8<UInt8> {
        let sums = unsafeBitCast(
            redBlue &* pairs(47, 16) &+ green &* pairs(157, 0), to: SIMD8<UInt32>.self)
        return SIMD8<UInt8>(truncatingIfNeeded: (sums &+ (sums &>> 16) &+ (16 << 8 + 128)) &>> 8)
    }

    /// The mean of two by two pixels from the sums of their rows, in the lower half of each 64 bits.
    @inline(__always)
    private static func quarter(_ rows: Wide) -> Wide {
        let columns = unsafeBitCast(rows, to: SIMD4<UInt64>.self)
        return (unsafeBitCast(columns &+ (columns &>> 32), to: Wide.self) &+ 2) &>> 2
    }

    @inline(__always)
    private static func chroma(_ redBlue: Wide, _ green: Wide, _ weights: (Int16, Int16, Int16)) -> SIMD4<UInt8> {
        let products = unsafeBitCast(
            redBlue &* pairs(UInt16(bitPattern: weights.0), UInt16(bitPattern: weights.2))
                &+ green &* pairs(UInt16(bitPattern: weights.1), 0), to: SIMD4<UInt64>.self)
        return SIMD4<UInt8>(truncatingIfNeeded: (products &+ (products &>> 16) &+ (128 << 8 + 128)) &>> 8)
    }

    @inline(__always)
    private static func pairs(_ even: UInt16, _ odd: UInt16) -> Wide {
        unsafeBitCast(SIMD8<UInt32>(repeating: UInt32(even) | UInt32(odd) << 16), to: Wide.self)
    }

    @inline(__always)
    private static func store<Vector>(_ value: Vector, _ target: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(target).storeBytes(of: value, as: Vector.self)
    }

    /// What is left at the end of a row, two by two pixels at a time.
    private static func convertSquare(
        _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer,
        _ upperLuma: UnsafeMutablePointer<UInt8>, _ lowerLuma: UnsafeMutablePointer<UInt8>,
        _ cb: UnsafeMutablePointer<UInt8>, _ cr: UnsafeMutablePointer<UInt8>
    ) {
        var sum = SIMD3<Int>()
        for (row, luma) in [(upper, upperLuma), (lower, lowerLuma)] {
            for n in 0..<2 {
                let pixel = SIMD3<Int>(
                    Int(row.load(fromByteOffset: n * 4, as: UInt8.self)),
                    Int(row.load(fromByteOffset: n * 4 + 1, as: UInt8.self)),
                    Int(row.load(fromByteOffset: n * 4 + 2, as: UInt8.self)))
                sum &+= pixel
                luma[n] = UInt8(clamping: ((pixel &* SIMD3(47, 157, 16)).wrappedSum() + 16 << 8 + 128) >> 8)
            }
        }
        let mean = (sum &+ 2) &>> 2
        cb.pointee = UInt8(clamping: ((mean &* SIMD3(-26, -86, 112)).wrappedSum() + 128 << 8 + 128) >> 8)
        cr.pointee = UInt8(clamping: ((mean &* SIMD3(112, -102, -10)).wrappedSum() + 128 << 8 + 128) >> 8)
    }
}
