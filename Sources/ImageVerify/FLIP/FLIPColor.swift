import Foundation

/// The colour spaces of FLIP: linear RGB, YCxCz (opponent, linear), and L*a*b* with the Hunt effect.
///
/// Source: Andersson et al., "FLIP: A Difference Evaluator for Alternating Images", HPG 2020, §4.1.
enum FLIPColor {
    typealias Lanes = SIMDMath.Lanes

    /// Three components of eight pixels.
    struct Triple {
        var x: Lanes, y: Lanes, z: Lanes
    }

    /// The reference illuminant: XYZ of white.
    private static let white = (x: Float(0.950428545), z: Float(1.088900371))

    /// Linear light of each 8-bit code of sRGB (IEC 61966-2-1).
    static let linear: [Float] = (0..<256).map { code in
        let c = Double(code) / 255
        return Float(c <= 0.04045 ? c / 12.92 : Foundation.pow((c + 0.055) / 1.055, 2.4))
    }

    @inline(__always)
    private static func xyz(_ rgb: Triple) -> Triple {
        Triple(
            x: 0.412_386_573 * rgb.x + 0.357_591_493 * rgb.y + 0.180_450_479 * rgb.z,
            y: 0.212_636_820 * rgb.x + 0.715_182_984 * rgb.y + 0.072_180_196 * rgb.z,
            z: 0.019_330_620 * rgb.x + 0.119_197_164 * rgb.y + 0.950_372_587 * rgb.z)
    }

    @inline(__always)
    private static func relative(_ xyz: Triple) -> Triple {
        Triple(x: xyz.x * (1 / white.x), y: xyz.y, z: xyz.z * (1 / white.z))
    }

    /// From linear RGB.
    @inline(__always)
    static func opponent(_ rgb: Triple) -> Triple {
        let r = relative(xyz(rgb))
        return Triple(x: 116 * r.y - 16, y: 500 * (r.x - r.y), z: 200 * (r.y - r.z))
    }

    /// To linear RGB, brought into the gamut.
    @inline(__always)
    static func linearRGB(_ opponent: Triple) -> Triple {
        let y = (opponent.x + 16) * (1 / 116)
        let x = (y + opponent.y * (1 / 500)) * white.x
        let z = (y - opponent.z * (1 / 200)) * white.z
        func inGamut(_ v: Lanes) -> Lanes {
            v.clamped(lowerBound: Lanes(repeating: 0), upperBound: Lanes(repeating: 1))
        }
        return Triple(
            x: inGamut(3.241_003_275 * x - 1.537_398_934 * y - 0.498_615_861 * z),
            y: inGamut(1.875_930_071 * y - 0.969_224_334 * x + 0.041_554_224 * z),
            z: inGamut(0.055_639_423 * x - 0.204_011_202 * y + 1.057_148_933 * z))
    }

    /// From linear RGB to L*a*b*, its chroma reduced as the eye does in the dark.
    @inline(__always)
    static func hunt(_ rgb: Triple) -> Triple {
        let r = relative(xyz(rgb))
        func f(_ t: Lanes) -> Lanes {
            let root = SIMDMath.pow(t, Lanes(repeating: 1.0 / 3))
            return root.replacing(with: 7.787_037_037 * t + 4.0 / 29, where: t .<= 0.008_856_451_7)
        }
        let fx = f(r.x), fy = f(r.y), fz = f(r.z)
        let l = 116 * fy - 16
        return Triple(x: l, y: 5 * l * (fx - fy), z: 2 * l * (fy - fz))
    }

    /// The distance of two colours in L*a*b*: city block in lightness, Euclid in chroma.
    @inline(__always)
    static func distance(_ a: Triple, _ b: Triple) -> Lanes {
        let l = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z
        return l.replacing(with: -l, where: l .< 0) + (dy * dy + dz * dz).squareRoot()
    }

    /// The largest distance that FLIP knows, from green to blue, to the power of `exponent`.
    static func largestDistance(exponent: Float) -> Float {
        func primary(_ y: Float, _ z: Float) -> Triple {
            hunt(Triple(x: Lanes(repeating: 0), y: Lanes(repeating: y), z: Lanes(repeating: z)))
        }
        return SIMDMath.pow(distance(primary(1, 0), primary(0, 1)), Lanes(repeating: exponent))[0]
    }
}
