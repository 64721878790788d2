/// Powers of eight numbers at a time, to about 1e-6 of their value: what a perceptual difference needs, without a call per
/// number.
enum SIMDMath {
    typealias Lanes = SIMD8<Float>

    /// The logarithm to base 2 of positive, normal numbers.
    @inline(__always)
    static func log2(_ x: Lanes) -> Lanes {
        let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
        // x = 2^e · m with m in [√½, √2).
        let e = (bits &- 0x3F35_04F3) &>> 23
        let m = unsafeBitCast(bits &- (e &<< 23), to: Lanes.self)
        // As the mantissa of a number of known exponent, an integer needs no conversion.
        let exponent = unsafeBitCast((e &+ 256) | 0x4B00_0000, to: Lanes.self) - (8_388_608 + 256)
        // log2 m = 2/ln 2 · artanh s, by its series: |s| ≤ 0.172.
        let s = (m - 1) / (m + 1)
        let q = s * s
        var sum = 0.320_598_897_9 * q + 0.412_198_583_1
        sum = sum * q + 0.577_078_016_4
        sum = sum * q + 0.961_796_694_0
        sum = sum * q + 2.885_390_081_8
        return exponent + s * sum
    }

    /// 2 to the power of numbers in −126 … 127.
    @inline(__always)
    static func exp2(_ x: Lanes) -> Lanes {
        // Adding 1.5 · 2²³ rounds to a whole number, which is then in the lowest bits.
        let shifted = x + 12_582_912
        let f = x - (shifted - 12_582_912)
        var sum = 0.000_154_035_3 * f + 0.001_333_355_8
        sum = sum * f + 0.009_618_129_1
        sum = sum * f + 0.055_504_108_7
        sum = sum * f + 0.240_226_507
        sum = sum * f + 0.693_147_180_6
        sum = sum * f + 1
        let whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
        return unsafeBitCast(unsafeBitCast(sum, to: SIMD8<Int32>.self) &+ whole, to: Lanes.self)
    }

    /// Numbers ≥ 0 to the power of `exponent` > 0.
    @inline(__always)
    static func pow(_ x: Lanes, _ exponent: Lanes) -> Lanes {
        // What is smaller counts as nothing; the bound also keeps 2^y normal.
        let isTiny = x .< 1e-12
        let y = exponent * log2(x.replacing(with: 1, where: isTiny))
        return exp2(y.clamped(lowerBound: Lanes(repeating: -120), upperBound: Lanes(repeating: 120)))
            .replacing(with: 0, where: isTiny)
    }

    @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>) -> Lanes {
        UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    static func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
    }
}
