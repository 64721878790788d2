#if canImport(Glibc)
    import Glibc
#endif

/// Saturation and value for every hue, chosen so that no hue is much lighter or darker to the eye than another: HSV's yellow is
/// twice as light as its blue.
enum EvenHue {
    /// The saturation of hues that need no correction.
    static let saturation = 0.86
    /// The range of lightness L of Oklab (B. Ottosson, 2020) that a hue may have at full lightness.
    static let lightnessRange = 0.66...0.80

    /// One a degree, and the first again.
    private static let table: [(saturation: Double, value: Double)] = (0...360).map { corrected(hue: Double($0)) }

    /// - Parameter hue: Degrees, [0, 360].
    static func at(_ hue: Double) -> (saturation: Double, value: Double) {
        let place = hue.clamped(to: 0...360)
        let index = min(Int(place), 359)
        let t = place - Double(index)
        let a = table[index], b = table[index + 1]
        return (a.saturation.interpolated(to: b.saturation, t), a.value.interpolated(to: b.value, t))
    }

    private static func corrected(hue: Double) -> (saturation: Double, value: Double) {
        func lightness(_ saturation: Double, _ value: Double) -> Double {
            let (r, g, b) = ChannelColor.encoded(hue: hue, saturation: saturation)
            return LinearColor(sRGB: r * value, g * value, b * value).oklab.lightness
        }
        let natural = lightness(saturation, 1)
        if natural > lightnessRange.upperBound {
            return (saturation, bisect { lightness(saturation, $0) < lightnessRange.upperBound })
        }
        if natural < lightnessRange.lowerBound {
            return (saturation * bisect { lightness(saturation * $0, 1) > lightnessRange.lowerBound }, 1)
        }
        return (saturation, 1)
    }

    /// The largest x in [0, 1] for which `holds`, which holds at 0 and not at 1.
    private static func bisect(_ holds: (Double) -> Bool) -> Double {
        var low = 0.0, high = 1.0
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return low
    }
}

extension LinearColor {
    /// The colour in Oklab (B. Ottosson, 2020), in which equal distances look equal: lightness in [0, 1], a from green to
    /// red, b from blue to yellow.
    public var oklab: (lightness: Double, a: Double, b: Double) {
        let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        return (
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
        )
    }
}
