#if canImport(Glibc)
    import Glibc
#endif

/// A colour in linear light with sRGB primaries, each component in [0, 1].
public struct LinearColor: BitwiseCopyable, Sendable, Equatable {
    /// Linear, [0, 1]; so are green and blue.
    public var red: Double
    public var green: Double
    public var blue: Double

    public init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour of an sRGB-encoded triple (IEC 61966-2-1).
    public init(sRGB r: Double, _ g: Double, _ b: Double) {
        self.init(red: Self.decode(r), green: Self.decode(g), blue: Self.decode(b))
    }

    /// As "#rrggbb", sRGB-encoded and rounded.
    public var hex: String {
        func digits(_ v: Double) -> String {
            let byte = Int((Self.encode(v.clamped(to: 0...1)) * 255).rounded())
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "#" + digits(red) + digits(green) + digits(blue)
    }

    /// Each component times `factor`.
    public func scaled(by factor: Double) -> LinearColor {
        LinearColor(red: red * factor, green: green * factor, blue: blue * factor)
    }

    /// The colour at fraction `t` of the way to `other`, in linear light.
    public func mixed(with other: LinearColor, _ t: Double) -> LinearColor {
        LinearColor(
            red: red.interpolated(to: other.red, t), green: green.interpolated(to: other.green, t),
            blue: blue.interpolated(to: other.blue, t))
    }

    /// The same hue, brought up until its strongest component is `floor`, so that lines of quiet channels still show.
    /// Black becomes grey.
    public func lifted(to floor: Double) -> LinearColor {
        let peak = max(red, green, blue)
        guard peak > 1e-4 else { return LinearColor(red: floor / 3, green: floor / 3, blue: floor / 3) }
        return scaled(by: max(floor / peak, 1))
    }

    /// The colour at fraction `t` of the way to white, of the same hue: each sRGB-encoded component goes the same share of its
    /// way, which light mixed in would not do.
    public func whitened(_ t: Double) -> LinearColor {
        func moved(_ v: Double) -> Double { Self.decode(Self.encode(v.clamped(to: 0...1)).interpolated(to: 1, t)) }
        return LinearColor(red: moved(red), green: moved(green), blue: moved(blue))
    }

    private static func encode(_ v: Double) -> Double {
        v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055
    }

    private static func decode(_ v: Double) -> Double { v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4) }
}

/// The colour of a channel (domain §2).
public enum ChannelColor {
    /// The range of frequencies that the hue circle covers, Hz.
    public static let audibleRange = 20.0...2000.0

    /// Hue of an audible frequency in degrees, f clamped to 20 … 2000 Hz: 360° · log10(f/20) / log10(2000/20), or on the
    /// linear scale 360° · (f − 20) / (2000 − 20).
    public static func hue(frequency: Double, scale: HueScale = .logarithmic) -> Double {
        let f = frequency.clamped(to: audibleRange), (low, high) = (audibleRange.lowerBound, audibleRange.upperBound)
        return switch scale {
        case .logarithmic: 360 * log10(f / low) / log10(high / low)
        case .linear: 360 * (f - low) / (high - low)
        }
    }

    /// The hues of the eight channels that are drawn, degrees in [0, 360].
    public static func hues(
        _ channels: InlineArray<8, ChannelState>, phiPhase: Double, rule: ColorRule
    ) -> InlineArray<8, Double> {
        let frequencies = audibleFrequencies(channels)
        return InlineArray { k in
            rotatedHue(hue(frequency: frequencies[k], scale: rule.scale), phiPhase: rule.rotates ? phiPhase : 0)
        }
    }

    /// The frequencies that the hues are taken from: sub-audio channels are moved up together, by the smallest number of
    /// whole octaves that brings the lowest of them to 20 Hz or more. The shift is shared, so that channels a ratio of φ
    /// apart stay a ratio of φ apart, and eight channels stay eight hues.
    public static func audibleFrequencies(_ channels: InlineArray<8, ChannelState>) -> InlineArray<8, Double> {
        var lowest = audibleRange.lowerBound
        for k in channels.indices { lowest = min(lowest, channels[k].frequency) }
        let octaves = lowest > 0 ? log2(audibleRange.lowerBound / lowest).rounded(.up) : 0
        let factor = exp2(octaves)
        return InlineArray { k in
            let frequency = channels[k].frequency
            guard frequency < audibleRange.lowerBound else { return frequency.clamped(to: audibleRange) }
            // Where the channels are further apart than the range is wide, the high ones come down again by whole octaves.
            var shifted = frequency * factor
            while shifted > audibleRange.upperBound { shifted /= 2 }
            return shifted.clamped(to: audibleRange)
        }
    }

    /// The hue turned by Φ: hue + phase/2π · 137.5078°, in [0, 360).
    public static func rotatedHue(_ hue: Double, phiPhase: Double) -> Double {
        let turned = (hue + phiPhase / Angle.turn * GoldenRatio.angleDegrees).truncatingRemainder(dividingBy: 360)
        return turned < 0 ? turned + 360 : turned
    }

    /// amplitude^(1/2.2) · (0.5 + 0.5 · breathing), in [0, 1].
    public static func lightness(amplitude: Double, breathing: Double) -> Double {
        pow(amplitude.clamped(to: 0...1), 1 / 2.2) * (0.5 + 0.5 * breathing)
    }

    /// The sRGB-encoded colour of a hue (degrees) at full value, components in [0, 1]: the hexagon of HSV.
    static func encoded(hue: Double, saturation: Double) -> (Double, Double, Double) {
        func component(_ offset: Double) -> Double {
            let x = (offset + hue / 60).truncatingRemainder(dividingBy: 6)
            return 1 - saturation * min(max(min(x, 4 - x), 0), 1)
        }
        return (component(5), component(3), component(1))
    }

    /// The colour of a hue and a lightness: that of HSV with a saturation and a value that make all hues about equally
    /// light to the eye, its encoded components scaled by lightness, so that the hue is the same at every lightness.
    /// - Parameter hue: Degrees, [0, 360].
    public static func color(hue: Double, lightness: Double) -> LinearColor {
        let even = EvenHue.at(hue)
        let (r, g, b) = encoded(hue: hue, saturation: even.saturation)
        let scale = even.value * lightness
        return LinearColor(sRGB: r * scale, g * scale, b * scale)
    }

    /// The value (strongest encoded component) of a hue at full lightness: less than 1 where the hue is light to the eye.
    /// - Parameter hue: Degrees, [0, 360].
    public static func fullValue(hue: Double) -> Double { EvenHue.at(hue).value }

    /// The colours of all eight channels of `state`.
    /// - Parameters:
    ///   - breathing: The breathing that is drawn, [0, 1].
    ///   - rule: What the hues follow.
    public static func palette(
        _ state: borrowing EngineState, breathing: Double, rule: ColorRule = ColorRule()
    ) -> InlineArray<8, LinearColor> {
        let channels = state.channels
        let hues = hues(channels, phiPhase: state.phi.phase, rule: rule)
        return InlineArray { k in
            color(
                hue: hues[k],
                lightness: lightness(amplitude: channels[k].audibleAmplitude, breathing: breathing))
        }
    }
}
