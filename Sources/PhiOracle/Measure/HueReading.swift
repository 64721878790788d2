import PhiModel

/// Hues read from pictures.
enum HueReading {
    /// The smallest chroma that tells a hue, levels.
    static let leastChroma = 12.0
    /// The least that a hue may be off, degrees.
    static let leastTolerance = 1.5

    /// How far the hue of a colour may be off in a picture, degrees.
    ///
    /// Each component is rounded to a level, and a driver's conversion may add a little: 0.6 levels (Vulkan, sRGB formats). A
    /// hue is 60° times the ratio of two differences. Above 120 Hz that is less than the ±3 Hz of domain §2, which are wider
    /// the lower the frequency is, 11° at 20 Hz: wide enough for a wrong hue to pass; so they are no bound here.
    static func tolerance(chroma: Double) -> Double { max(leastTolerance, 90 / max(chroma, 1)) }

    /// The probe of a hue.
    /// - Parameters:
    ///   - expected: The colour that is to be there: its hue counts, and whether it has one that can be read, else there is
    ///     no probe.
    ///   - measured: Nil where nothing was found, which is wrong.
    ///   - slack: How many times wider than for an even area the tolerance is, ≥ 1.
    static func probe(
        _ name: String, expected: LinearColor, measured: LinearColor?, slack: Double = 1
    ) -> Probe? {
        let wanted = EncodedColor(expected)
        guard wanted.chroma >= leastChroma else { return nil }
        var reading = Double.nan
        if let measured {
            let seen = EncodedColor(measured)
            // A grey has no hue, and so not the one that is wanted.
            if seen.chroma >= 0.4 * wanted.chroma {
                // Along the shorter way round, so that 359° is near 1°.
                reading = wanted.hue + (seen.hue - wanted.hue + 540).truncatingRemainder(dividingBy: 360) - 180
            }
        }
        return Probe(
            name: "hue of \(name)", expected: wanted.hue, measured: reading,
            tolerance: slack * tolerance(chroma: wanted.chroma), unit: "°")
    }
}
