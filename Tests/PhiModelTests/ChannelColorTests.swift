#if canImport(Glibc)
    import Glibc
#endif
import Testing

@testable import PhiModel

@Suite("Channel colour, domain §2")
struct ChannelColorTests {
    @Test(
        "hue is logarithmic between 20 and 2000 Hz, and clamped outside",
        arguments: [
            (20.0, 0.0), (200, 180), (2000, 360), (63.245553203, 90), (632.45553203, 270), (440, 241.636083),
            (5, 0), (100_000, 360),
        ])
    func hue(frequency: Double, degrees: Double) {
        #expect(isClose(ChannelColor.hue(frequency: frequency), degrees, within: 1e-4))
    }

    @Test("the default channels are all moved up by six octaves")
    func sharedOctaves() {
        let audible = ChannelColor.audibleFrequencies(EngineState().channels)
        // 32 · φ^k
        let expected = [32, 51.777088, 83.777088, 135.554175, 219.331263, 354.885438, 574.216701, 929.102140]
        for k in 0..<8 { #expect(isClose(audible[k], expected[k], within: 1e-5), "channel \(k)") }
        for k in 1..<8 { #expect(isClose(audible[k] / audible[k - 1], GoldenRatio.phi, within: 1e-9)) }
    }

    @Test("audible channels stay where they are, beside one that is moved")
    func mixedOctaves() {
        var channels = EngineState().channels
        for k in 0..<8 { channels[k].frequency = 100 * Double(k + 1) }
        #expect(ChannelColor.audibleFrequencies(channels)[0] == 100)
        channels[0].frequency = 10
        let audible = ChannelColor.audibleFrequencies(channels)
        #expect(audible[0] == 20)
        #expect(audible[3] == 400)
    }

    @Test(
        "Φ turns the hue by phase / 2π of the golden angle",
        arguments: [
            (10.0, 0.0, 10.0), (10, .pi, 78.753882), (300, .pi, 8.753882), (360, 0, 0), (0, 1.5 * .pi, 103.130823),
        ])
    func rotation(hue: Double, phase: Double, expected: Double) {
        #expect(isClose(ChannelColor.rotatedHue(hue, phiPhase: phase), expected, within: 1e-5))
    }

    @Test(
        "lightness is amplitude^(1/2.2), halved where breathing is 0",
        arguments: [(0.5, 1.0, 0.729740), (0.5, 0, 0.364870), (0.5, 0.5, 0.547305), (1, 1, 1), (0, 1, 0), (2, 1, 1)])
    func lightness(amplitude: Double, breathing: Double, expected: Double) {
        #expect(isClose(ChannelColor.lightness(amplitude: amplitude, breathing: breathing), expected, within: 1e-5))
    }

    @Test("hues are red, yellow, green, blue where they should be")
    func encoded() {
        func check(_ hue: Double, _ r: Double, _ g: Double, _ b: Double) {
            let c = ChannelColor.encoded(hue: hue, saturation: 0.82)
            #expect(isClose(c.0, r) && isClose(c.1, g) && isClose(c.2, b), "hue \(hue): \(c)")
        }
        check(0, 1, 0.18, 0.18)
        check(60, 1, 1, 0.18)
        check(120, 0.18, 1, 0.18)
        check(240, 0.18, 0.18, 1)
        check(30, 1, 0.59, 0.18)
    }

    @Test("no hue is much lighter or darker to the eye than another, and each keeps its hue")
    func evenHues() {
        for degree in 0..<360 {
            let color = ChannelColor.color(hue: Double(degree), lightness: 1)
            let lightness = color.oklab.lightness
            #expect((0.65...0.81).contains(lightness), "hue \(degree): \(lightness)")
            let (_, a, b) = color.oklab
            #expect((a * a + b * b).squareRoot() > 0.08, "hue \(degree) is nearly grey")
        }
        // Uncorrected, blue and yellow are far apart.
        let blue = LinearColor(sRGB: 0.14, 0.14, 1), yellow = LinearColor(sRGB: 1, 1, 0.14)
        #expect(yellow.oklab.lightness - blue.oklab.lightness > 0.4)
    }

    @Test("the eight default channels differ to the eye, whatever Φ does", arguments: [0.0, 1, 2, 3, 4, 5, 6])
    func distinctChannels(phase: Double) {
        var state = EngineState()
        state.phi.phase = phase
        for k in 0..<8 { state.channels[k].amplitude = 0.5 }
        let palette = ChannelColor.palette(state, breathing: 0.5)
        for i in 0..<8 {
            for j in (i + 1)..<8 {
                let p = palette[i].oklab, q = palette[j].oklab
                let d = ((p.a - q.a) * (p.a - q.a) + (p.b - q.b) * (p.b - q.b)).squareRoot()
                #expect(d > 0.022, "channels \(i) and \(j) at phase \(phase): \(d)")
            }
        }
    }

    @Test("the sRGB curve: 0.5 is 0.2140 in linear light, and its foot is straight")
    func linearLight() {
        let c = LinearColor(sRGB: 0.5, 0.04, 1)
        #expect(isClose(c.red, 0.214041, within: 1e-5))
        #expect(isClose(c.green, 0.04 / 12.92))
        #expect(isClose(c.blue, 1))
    }

    @Test("a muted channel is black, whatever its amplitude")
    func mutedPalette() {
        var state = EngineState()
        state.channels[2].enabled = false
        let palette = ChannelColor.palette(state, breathing: state.breathing)
        #expect(palette[2] == LinearColor(red: 0, green: 0, blue: 0))
        #expect(palette[1].red + palette[1].green + palette[1].blue > 0)
    }

    @Test("a colour that is whitened or made readable keeps its hue, and becomes as light as it has to")
    func readable() {
        func hue(_ c: LinearColor) -> Double {
            func encode(_ v: Double) -> Double { v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055 }
            let (r, g, b) = (encode(c.red), encode(c.green), encode(c.blue))
            let high = max(r, g, b), low = min(r, g, b)
            let sixth =
                high == r ? (g - b) / (high - low) : high == g ? (b - r) / (high - low) + 2 : (r - g) / (high - low) + 4
            return (sixth * 60 + 360).truncatingRemainder(dividingBy: 360)
        }
        for degree in stride(from: 5.0, to: 360, by: 10) {
            let color = ChannelColor.color(hue: degree, lightness: 0.5)
            for changed in [color.whitened(0.3), color.readable(luminance: 0.155)] {
                #expect(abs(hue(changed) - hue(color)) < 1, "hue \(degree) became \(hue(changed))")
                #expect(changed.leastLuminance >= color.leastLuminance)
            }
            let readable = color.readable(luminance: 0.155)
            #expect(readable.leastLuminance > 0.154 && max(readable.red, readable.green, readable.blue) <= 1.000001)
        }
        let light = ChannelColor.color(hue: 120, lightness: 1)
        #expect(light.readable(luminance: 0.155) == light)
        #expect(LinearColor(red: 0, green: 0, blue: 0).readable(luminance: 0.2).red == 0.2)
    }
}

@Suite("What colours follow")
struct ColorRuleTests {
    @Test("hue on the linear scale", arguments: [(20.0, 0.0), (1_010, 180), (2_000, 360), (5, 0), (9_999, 360)])
    func linear(frequency: Double, degrees: Double) {
        #expect(isClose(ChannelColor.hue(frequency: frequency, scale: .linear), degrees, within: 1e-9))
    }

    @Test("without rotation the phase of Φ turns nothing; the usual rule is that of the domain")
    func rotation() {
        var state = EngineState()
        state.phi.phase = 2
        let still = ChannelColor.palette(state, breathing: 0.5, rule: ColorRule(rotates: false))
        let turned = ChannelColor.palette(state, breathing: 0.5)
        let usual = ChannelColor.palette(state, breathing: 0.5, rule: ColorRule())
        state.phi.phase = 0
        let zero = ChannelColor.palette(state, breathing: 0.5)
        for k in 0..<8 { #expect(still[k] == zero[k] && still[k] != turned[k] && usual[k] == turned[k]) }
    }
}
