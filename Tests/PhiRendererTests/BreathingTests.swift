import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

@Suite("The breathing scene, domain §5", .validated)
struct BreathingTests {
    /// The radius of a ring as it is drawn: where its light is strongest on the way out, below the middle.
    private func measuredRadius(_ picture: Picture, near wanted: Double) -> Double {
        let x = Double(picture.width) / 2, y = Double(picture.height) / 2
        var weight = 0.0, sum = 0.0
        for step in stride(from: -14.0, through: 14, by: 0.1) {
            let c = picture.light(x, y + wanted + step)
            // What stands out from its surroundings.
            let light = pow(c.red + c.green + c.blue, 2)
            weight += light
            sum += light * (wanted + step)
        }
        return sum / weight
    }

    private static var state: EngineState {
        var state = EngineState()
        state.phi.depth = GoldenRatio.phi
        for k in 0..<8 {
            state.channels[k].amplitude = 0.6
            // The beads are above the middle, clear of where the rings are measured.
            state.channels[k].phase = .pi / 2
        }
        return state
    }

    private static var bare: Look {
        var look = Look()
        look.glow = 0
        look.trails = 0
        look.hasLabels = false
        return look
    }

    @Test("there is a ring for each channel, at its radius and in its colour")
    func rings() throws {
        let test = try TestRenderer(width: 1_080, height: 1_080)
        let state = Self.state
        let picture = try test.picture("breathing", state, look: Self.bare)
        let palette = ChannelColor.palette(state, breathing: state.breathing)
        for k in 0..<8 {
            // From the domain's breathing at t = 0, b = 0.5: at rest.
            let wanted = 0.455 * 1_080 / 1.13 * (0.16 + 0.84 * Double(k + 1) / 8)
            let measured = measuredRadius(picture, near: wanted)
            #expect(abs(measured - wanted) < 0.5, "ring \(k): \(measured), wanted \(wanted)")
            let color = picture.light(540, 540 + wanted)
            #expect(abs(color.red - palette[k].red) < 0.02 && abs(color.blue - palette[k].blue) < 0.02, "ring \(k)")
        }
    }

    @Test("the radii swing with the breathing: its period within 2 %, its reach within 2 %")
    func period() throws {
        let test = try TestRenderer(width: 540, height: 540)
        var state = Self.state
        let rest = 0.455 * 540 / 1.13
        let rate = 60.0
        let radii = try (0..<120).map { n in
            state.time = Double(n) / rate
            let b = 0.5 + 0.5 * sin(2 * .pi * 1.5 * state.time) * min(GoldenRatio.phi - 0.618, 1)
            return measuredRadius(
                try test.picture("breathing", state, look: Self.bare), near: rest * (1 + 0.13 * (2 * b - 1)))
        }
        let mean = radii.reduce(0, +) / Double(radii.count)
        let rises = radii.indices.dropFirst().filter { radii[$0 - 1] < mean && radii[$0] >= mean }
        // Between frames by a straight line, so that the period is not counted in frames.
        func crossing(_ n: Int) -> Double { Double(n) - (radii[n] - mean) / (radii[n] - radii[n - 1]) }
        let period = (crossing(rises[rises.count - 1]) - crossing(rises[0])) / Double(rises.count - 1) / rate
        #expect(abs(period * 1.5 - 1) < 0.02, "period \(period) s")
        let swing = (radii.reduce(0, max) - radii.reduce(.infinity, min)) / (2 * mean)
        #expect(abs(swing / 0.13 - 1) < 0.02, "swing \(swing)")
    }

    @Test("nothing breathes while Φ is at rest")
    func rest() throws {
        let test = try TestRenderer()
        var state = Self.state
        state.phi.depth = 0.618
        let before = try test.picture("breathing", state)
        state.time = 1.0 / 6
        #expect(try test.picture("breathing", state) == before)
    }
}
