#if canImport(Glibc)
    import Glibc
#endif

/// The constants of the golden ratio, from which everything in Φ-Matrix is spaced.
public enum GoldenRatio {
    /// φ = (1 + √5) / 2.
    public static let phi = 1.618033988749895

    /// φ to an integer power.
    public static func power(_ exponent: Int) -> Double { pow(phi, Double(exponent)) }

    /// The golden angle 360° · (2 − φ), in degrees.
    public static let angleDegrees = 137.50776405003785

    /// The golden angle, in radians.
    public static let angle = angleDegrees * .pi / 180

    /// The phase offset of channel `k`, which spreads the channels by the golden ratio: k · 2π / φ, wrapped to [0, 2π).
    public static func channelOffset(_ channel: Int) -> Double {
        Angle.wrap(Double(channel) * 2 * .pi / phi)
    }
}

/// Arithmetic on angles, in radians.
public enum Angle {
    /// A whole turn, 2π.
    public static let turn = 2 * Double.pi

    /// The same direction in [0, 2π). A value that is not finite becomes 0.
    public static func wrap(_ radians: Double) -> Double {
        guard radians.isFinite else { return 0 }
        let wrapped = radians - turn * (radians / turn).rounded(.down)
        return wrapped >= turn ? 0 : wrapped
    }

    /// The signed turn from `a` to `b` along the shorter way, in [−π, π].
    public static func difference(from a: Double, to b: Double) -> Double {
        let d = wrap(b - a)
        return d > .pi ? d - turn : d
    }

    /// The direction at fraction `t` of the shorter way from `a` to `b`, in [0, 2π).
    public static func interpolate(_ a: Double, _ b: Double, _ t: Double) -> Double {
        wrap(a + difference(from: a, to: b) * t)
    }
}
