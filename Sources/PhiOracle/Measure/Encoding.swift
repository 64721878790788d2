#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The encoding of sRGB (IEC 61966-2-1), which pictures have.
enum Encoding {
    /// Linear light for each of the 256 levels.
    static let linear: [Double] = (0...255).map { decoded(Double($0) / 255) }

    /// The linear light of an encoded value, both [0, 1].
    static func decoded(_ v: Double) -> Double { v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4) }

    /// The encoded value of linear light, both [0, 1].
    static func encoded(_ light: Double) -> Double {
        let x = light.clamped(to: 0...1)
        return x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
    }
}

/// A colour as it is encoded in a picture, components in [0, 1].
struct EncodedColor {
    let red: Double
    let green: Double
    let blue: Double

    init(_ color: LinearColor) {
        red = Encoding.encoded(color.red)
        green = Encoding.encoded(color.green)
        blue = Encoding.encoded(color.blue)
    }

    /// The strongest component.
    var value: Double { max(red, green, blue) }

    /// The difference of the strongest and the weakest component, levels of 8 bits.
    var chroma: Double { 255 * (value - min(red, green, blue)) }

    /// Degrees, [0, 360); 0 for grey.
    var hue: Double {
        let high = value, low = min(red, green, blue)
        guard high > low else { return 0 }
        let sixth =
            if high == red { (green - blue) / (high - low) } else if high == green {
                (blue - red) / (high - low) + 2
            } else { (red - green) / (high - low) + 4 }
        return (sixth * 60 + 360).truncatingRemainder(dividingBy: 360)
    }

    /// The largest difference of a component, levels of 8 bits.
    func difference(_ other: EncodedColor) -> Double {
        255 * max(abs(red - other.red), abs(green - other.green), abs(blue - other.blue))
    }
}

/// The mean of linear light.
struct MeanLight {
    private var red = 0.0, green = 0.0, blue = 0.0
    /// Of what.
    private(set) var count = 0

    mutating func add(_ color: LinearColor) {
        red += color.red
        green += color.green
        blue += color.blue
        count += 1
    }

    /// Nil without any light.
    var color: LinearColor? {
        guard count > 0 else { return nil }
        let n = Double(count)
        return LinearColor(red: red / n, green: green / n, blue: blue / n)
    }
}
