#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// What a channel looks like (domain §2), computed anew: hue and lightness; only how a hue is evened out for the eye is
/// the model's.
struct ChannelReference {
    /// Degrees, [0, 360).
    let hue: Double
    /// amplitude^(1/2.2) · (0.5 + 0.5 · breathing), [0, 1].
    let lightness: Double
    /// Of a channel that is heard, [0, 1]; 0 for a muted one.
    let amplitude: Double
    /// What areas of the channel are filled with.
    let color: LinearColor

    /// As texts name it.
    static func name(_ channel: Int) -> String { "CH\(channel)" }

    /// All eight.
    /// - Parameters:
    ///   - breathing: As it is drawn, [0, 1].
    ///   - rule: What the hues follow.
    static func all(of state: EngineState, breathing: Double, rule: ColorRule) -> [ChannelReference] {
        let heard = heardFrequencies((0..<EngineState.channelCount).map { state.channels[$0].frequency })
        return (0..<EngineState.channelCount).map { k in
            let channel = state.channels[k]
            let amplitude = channel.enabled ? channel.amplitude.clamped(to: 0...1) : 0
            // log10(2000 / 20) = 2: 180° a decade.
            let place = rule.scale == .linear ? (heard[k] - 20) / 5.5 : 180 * log10(heard[k] / 20)
            let turn = rule.rotates ? state.phi.phase : 0
            let turned = place + turn / (2 * Double.pi) * 360 * (2 - (1 + 5.0.squareRoot()) / 2)
            let hue = turned - 360 * (turned / 360).rounded(.down)
            let lightness = pow(amplitude, 1 / 2.2) * (0.5 + 0.5 * breathing)
            return ChannelReference(
                hue: hue, lightness: lightness, amplitude: amplitude,
                color: ChannelColor.color(hue: hue.clamped(to: 0...360), lightness: lightness))
        }
    }

    /// Sub-audio frequencies are moved up together by whole octaves until the lowest is in 20 … 2000 Hz; those that would then
    /// be above come down again.
    private static func heardFrequencies(_ frequencies: [Double]) -> [Double] {
        let lowest = frequencies.reduce(20, min)
        var factor = 1.0
        while lowest > 0, lowest * factor < 20 { factor *= 2 }
        return frequencies.map { frequency in
            guard frequency < 20 else { return min(frequency, 2_000) }
            var heard = frequency * factor
            while heard > 2_000 { heard /= 2 }
            return heard.clamped(to: 20...2_000)
        }
    }
}
