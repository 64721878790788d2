#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The light that lies under a stroke, about: enough to say beforehand whether the stroke can be told from it. Nothing is
/// measured against it.
struct GroundLight {
    private let ground: LinearColor
    private let light: (Double) -> LinearColor

    /// - Parameters:
    ///   - ground: Without any light.
    ///   - light: What lies on it at a signed distance from the middle of the stroke, pixels, without an upper bound.
    init(on ground: LinearColor, _ light: @escaping (Double) -> LinearColor) {
        self.ground = ground
        self.light = light
    }

    /// The share of the light of a line that is left at a distance, as a share of its reach: light points fall off as
    /// (1 − x²)³, and a row of them as (1 − x²)^3.5.
    static func ofLine(_ distance: Double) -> Double { pow(max(1 - distance * distance, 0), 3.5) }

    /// The share of the light of a point.
    static func ofPoint(_ distance: Double) -> Double { pow(max(1 - distance * distance, 0), 3) }

    /// What is seen of light without an upper bound: linear up to a half, then a shoulder that reaches 1 at infinity.
    private static func toned(_ light: Double) -> Double {
        let over = max(light - 0.5, 0) / 0.5
        return min(light, 0.5) + 0.5 * over / (1 + over)
    }

    /// The ground at a distance, with a share of the light: in the coarse raster that light is gathered in, narrow light is
    /// fainter in the middle than it is to be.
    private func seen(_ distance: Double, share: Double) -> LinearColor {
        let added = light(distance)
        return LinearColor(
            red: Self.toned(ground.red + share * added.red), green: Self.toned(ground.green + share * added.green),
            blue: Self.toned(ground.blue + share * added.blue))
    }

    /// How far an ink stands out from the ground, levels of 8 bits, where that is least certain.
    func contrast(ink: LinearColor, alpha: Double) -> Double {
        stride(from: 0.6, through: 1.16, by: 0.08).map { share in
            let ground = seen(0, share: share)
            return EncodedColor(ground.mixed(with: ink, alpha)).difference(EncodedColor(ground))
        }.reduce(.infinity, min)
    }

    /// How far the ground at `distance` pixels on either side is from that in the middle, levels of 8 bits.
    func bend(_ distance: Double) -> Double {
        let middle = EncodedColor(seen(0, share: 1))
        return max(
            EncodedColor(seen(distance, share: 1)).difference(middle),
            EncodedColor(seen(-distance, share: 1)).difference(middle))
    }
}

extension LinearColor {
    /// Light on top of light.
    static func + (a: LinearColor, b: LinearColor) -> LinearColor {
        LinearColor(red: a.red + b.red, green: a.green + b.green, blue: a.blue + b.blue)
    }
}
