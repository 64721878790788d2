import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

@Suite("Light", .validated)
struct ToneTests {
    /// As in tone.glsl, in Double: linear up to 0.5, then a shoulder that reaches 1 at infinity.
    private func toned(_ light: Double) -> Double {
        let over = max(light - 0.5, 0) / 0.5
        return min(light, 0.5) + 0.5 * over / (1 + over)
    }

    private func encoded(_ v: Double) -> Double { v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055 }

    @Test("the glow of a bright node is ground and light through the tone curve", arguments: [0.5, 1, 2])
    func node(glow: Double) throws {
        let test = try TestRenderer(width: 1_440, height: 1_440)
        let ground = LinearColor(red: 0.03, green: 0.015, blue: 0.05)
        let look = Look(center: ground, corner: ground, glow: glow, trails: 0, hasLabels: false)
        var state = EngineState()
        for k in 0..<8 { state.channels[k].amplitude = k == 4 ? 0.8 : 0 }
        // The hand points down, away from where the light is read.
        state.channels[4].phase = 3 * .pi / 2
        state.ici = 0
        let picture = try test.picture("topology", state, look: look)
        let layout = TopologyLayout(width: 1_440, height: 1_440)
        let (x, y) = layout.node(4)
        let radius = 3.2 * layout.nodeRadius(amplitude: 0.8), strength = (0.3 + 1.6 * 0.8) * glow
        let color = ChannelColor.palette(state, breathing: state.breathing)[4]
        var brightest = 0.0, errors: [Double] = []
        for distance in stride(from: 0.4 * radius, through: 1.2 * radius, by: 2) {
            let falloff = pow(max(1 - distance * distance / (radius * radius), 0), 3)
            let seen = picture.light(x, y - distance)
            for (part, base, read) in [
                (color.red, ground.red, seen.red), (color.green, ground.green, seen.green),
                (color.blue, ground.blue, seen.blue),
            ] {
                let light = base + part * strength * falloff
                brightest = max(brightest, light)
                errors.append(abs(encoded(toned(light)) - encoded(read)) * 255)
            }
        }
        let worst = errors.reduce(0, max), mean = errors.reduce(0, +) / Double(errors.count)
        #expect(worst < 4 && mean < 1.2, "\(worst) levels at most, \(mean) in the mean")
        // At the strongest light the shoulder is seen.
        if glow == 2 { #expect(brightest > 0.65, "\(brightest)") }
    }
}
