/// RGB to Y′CbCr by ITU-R BT.709 in limited range (luma 16…235, chroma 16…240), 4:2:0.
///
/// The coefficients are those of BT.709-6 §3 for 8 bits, times 256. Rounded to whole numbers they put a component off by
/// less than one level; grey stays exactly without colour, since each row of chroma sums to zero.
///
/// Pixels of even and of odd columns go apart as they are loaded, so that adding columns and putting rows of luma together
/// take no more shuffles; every sum fits 16 bits. On vectors of 128 bits libswscale's averaging conversion, which is nearer
/// by half a level, takes five times as long.
enum BT709 {
    /// One component of eight pixels.
    private typealias Words = SIMD8<UInt16>
    /// Red in the lowest byte.
    private typealias Pixels = SIMD8<UInt32>

    private struct Components {
        var red: Words
        var green: Words
        var blue: Words

        @inline(__always)
        static func &+ (_ a: Self, _ b: Self) -> Self {
            Self(red: a.red &+ b.red, green: a.green &+ b.green, blue: a.blue &+ b.blue)
        }
    }

    /// Pixels that are converted together, in each of two rows.
    private static let step = 16

    /// Converts one pair of rows: `width` pixels of each to luma, and a quarter of them, averaged, to chroma.
    /// - Parameter width: Even.
    static func convert(
        _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer, width: Int,
        upperLuma: UnsafeMutablePointer<UInt8>, lowerLuma: UnsafeMutablePointer<UInt8>,
        cb: UnsafeMutablePointer<UInt8>, cr: UnsafeMutablePointer<UInt8>
    ) {
        var x = 0
        guard width >= step else {
            while x < width {
                convertSquare(upper + x * 4, lower + x * 4, upperLuma + x, lowerLuma + x, cb + x / 2, cr + x / 2)
                x += 2
            }
            return
        }
        while x < width {
            // The last step lies over the one before where the width is no multiple.
            x = min(x, width - step)
            let sums = convertRow(upper + x * 4, upperLuma + x) &+ convertRow(lower + x * 4, lowerLuma + x)
            let mean = Components(red: quarter(sums.red), green: quarter(sums.green), blue: quarter(sums.blue))
            store(chroma(mean, (-26, -86, 112)), cb + x / 2)
            store(chroma(mean, (112, -102, -10)), cr + x / 2)
            x += step
        }
    }

    /// Stores the luma of `step` pixels.
    /// - Returns: The sums of each two columns.
    @inline(__always)
    private static func convertRow(_ row: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt8>) -> Components {
        let a = row.loadUnaligned(as: Pixels.self)
        let b = row.loadUnaligned(fromByteOffset: MemoryLayout<Pixels>.size, as: Pixels.self)
        let even = split(Pixels(a[0], a[2], a[4], a[6], b[0], b[2], b[4], b[6]))
        let odd = split(Pixels(a[1], a[3], a[5], a[7], b[1], b[3], b[5], b[7]))
        store(luma(even) &>> 8 | luma(odd) & 0xFF00, target)
        return even &+ odd
    }

    @inline(__always)
    private static func split(_ pixels: Pixels) -> Components {
        let pairs = unsafeBitCast(pixels, to: SIMD16<UInt16>.self) & 0xFF
        let redBlue = unsafeBitCast(SIMD16<UInt8>(truncatingIfNeeded: pairs), to: Words.self)
        return Components(
            red: redBlue & 0xFF, green: Words(truncatingIfNeeded: (pixels &>> 8) & 0xFF), blue: redBlue &>> 8)
    }

    /// Luma times 256, rounded up by a half.
    @inline(__always)
    private static func luma(_ pixels: Components) -> Words {
        pixels.red &* 47 &+ pixels.green &* 157 &+ pixels.blue &* 16 &+ (16 << 8 + 128)
    }

    /// The mean of two by two pixels from their sum.
    @inline(__always)
    private static func quarter(_ sum: Words) -> Words { (sum &+ 2) &>> 2 }

    @inline(__always)
    private static func chroma(_ pixels: Components, _ weights: (Int16, Int16, Int16)) -> SIMD8<UInt8> {
        let products =
            pixels.red &* UInt16(bitPattern: weights.0) &+ pixels.green &* UInt16(bitPattern: weights.1)
            &+ pixels.blue &* UInt16(bitPattern: weights.2)
        return SIMD8<UInt8>(truncatingIfNeeded: (products &+ (128 << 8 + 128)) &>> 8)
    }

    @inline(__always)
    private static func store<Vector>(_ value: Vector, _ target: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(target).storeBytes(of: value, as: Vector.self)
    }

    /// Rows that are shorter than a step, two by two pixels at a time.
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
