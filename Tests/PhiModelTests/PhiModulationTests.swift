import PhiModel
import Testing

@Suite("Φ and the golden ratio, domain §2 and §6")
struct PhiModulationTests {
    @Test("constants")
    func constants() {
        #expect(isClose(GoldenRatio.phi, (1 + 5.0.squareRoot()) / 2, within: 1e-15))
        #expect(isClose(GoldenRatio.angleDegrees, 360 * (2 - GoldenRatio.phi), within: 1e-12))
        #expect(isClose(GoldenRatio.power(7), 29.034441854, within: 1e-8))
    }

    @Test(
        "channel k is offset by k · 2π/φ", arguments: [(0, 0.0), (1, 3.883222077), (2, 1.483258847), (3, 5.366480924)])
    func offsets(channel: Int, radians: Double) {
        #expect(isClose(GoldenRatio.channelOffset(channel), radians, within: 1e-8))
    }

    @Test("an angle is wrapped to [0, 2π), and nonsense is 0")
    func wrapping() {
        #expect(Angle.wrap(Angle.turn) == 0)
        #expect(isClose(Angle.wrap(-0.5), Angle.turn - 0.5))
        #expect(isClose(Angle.wrap(7 * Angle.turn + 1), 1, within: 1e-12))
        #expect((0..<Angle.turn).contains(Angle.wrap(-1e-18)))
        #expect(Angle.wrap(.nan) == 0)
        #expect(Angle.wrap(-.infinity) == 0)
    }

    @Test("the breathing's period is 1/f_b within 2 %, by its zero crossings", arguments: [1.0, 1.5, 2.0])
    func breathingPeriod(rate: Double) {
        let phi = PhiModulation(depth: GoldenRatio.phi, breathingRate: rate)
        var crossings: [Double] = []
        var last = phi.breathing(at: 0.01)
        for n in 1..<60_000 {
            let time = 0.01 + Double(n) / 1000
            let value = phi.breathing(at: time)
            if last < 0.5 && value >= 0.5 { crossings.append(time) }
            last = value
        }
        let period = (crossings[crossings.count - 1] - crossings[0]) / Double(crossings.count - 1)
        #expect(abs(period * rate - 1) < 0.02)
    }

    @Test(
        "the breathing's height is clamp(depth − 0.618, 0, 1)",
        arguments: [(0.0, 0.5), (0.618, 0.5), (1.118, 0.75), (GoldenRatio.phi, 1.0), (9, 1)])
    func breathingDepth(depth: Double, crest: Double) {
        // A quarter of a period of 1.5 Hz.
        let phi = PhiModulation(depth: depth)
        #expect(isClose(phi.breathing(at: 1.0 / 6), crest, within: 1e-4))
        #expect(isClose(phi.breathing(at: 0.5), 1 - crest, within: 1e-4))
    }

    @Test("the envelope is 1 + depth · sin(2πx + phase)")
    func envelope() {
        let phi = PhiModulation(depth: 0.618)
        #expect(isClose(phi.envelope(at: 0), 1))
        #expect(isClose(phi.envelope(at: 0.25), 1.618))
        #expect(isClose(phi.envelope(at: 0.75), 0.382))
        #expect(isClose(PhiModulation(phase: .pi / 2, depth: 0.618).envelope(at: 0), 1.618))
    }

    @Test(
        "an internal Φ swings between 0.3 and 0.9 at its frequency",
        arguments: [
            (0.0, 0.6, 0.0), (2.5, 0.9, Double.pi / 2), (5, 0.6, .pi), (7.5, 0.3, 1.5 * .pi), (12.5, 0.9, .pi / 2),
        ])
    func swing(time: Double, depth: Double, phase: Double) {
        let phi = PhiModulation(frequency: 0.1).swinging(at: time)
        #expect(isClose(phi.depth, depth, within: 1e-9))
        #expect(isClose(phi.phase, phase, within: 1e-9))
    }
}
