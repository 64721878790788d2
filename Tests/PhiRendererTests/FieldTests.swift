import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

@Suite("The golden-angle field, domain §5", .validated)
struct FieldTests {
    /// Order, no sway, no breathing: the bare lattice.
    private static var still: EngineState {
        var state = EngineState()
        state.coherence = 1
        state.phi.phase = 0
        state.phi.depth = 0
        for k in 0..<8 {
            state.channels[k].amplitude = 0.8
            state.channels[k].phase = 0
        }
        return state
    }

    @Test("there are at least 4,000 points at quality 5, and fewer below")
    func counts() {
        let counts = (0...5).compactMap { QualityLevel($0).map(FieldLattice.count) }
        #expect(counts.count == 6 && counts[5] >= 4_000)
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("point n is at n · 137.5078° and c · √n, in the colour of channel n mod 8")
    func positions() throws {
        let size = 1_080.0
        let test = try TestRenderer(width: Int(size), height: Int(size))
        var look = Look()
        look.glow = 0
        look.hasLabels = false
        let state = Self.still
        let picture = try test.picture("field", state, look: look)
        let radius = 0.455 * size / 1.05
        // At Φ phase 0 the field sways by what is left of its lag: sin(−1.2 r).
        func place(_ n: Int) -> (x: Double, y: Double) {
            let r = (Double(n) / Double(FieldLattice.count)).squareRoot()
            let step = (r * 64 + 0.5).rounded(.down) / 64
            let turn = 0.55 * (0.35 + step) * sin(-1.2 * step)
            let angle = Double(n) * 137.50776405003785 * .pi / 180 + turn
            return (size / 2 + cos(angle) * r * radius, size / 2 + sin(angle) * r * radius)
        }
        let frequencies = ChannelColor.audibleFrequencies(state.channels)
        var checked = 0
        for n in stride(from: 300, to: 3_300, by: 37) {
            let (x, y) = place(n)
            let pixel = picture[x, y]
            // Where its wave stands in a trough a point is small and dark.
            guard pixel.value > 0.35 else { continue }
            let hue = ChannelColor.hue(frequency: frequencies[n % 8])
            let error = abs((pixel.hue - hue + 540).truncatingRemainder(dividingBy: 360) - 180)
            let levels = max(pixel.red, pixel.green, pixel.blue) - min(pixel.red, pixel.green, pixel.blue)
            // What eight bits can tell, and a little for light that is mixed between two steps.
            #expect(error < 60 / Double(max(levels, 1)) + 1.5, "point \(n): hue \(pixel.hue), wanted \(hue)")
            checked += 1
            // Its neighbour in angle by another angle is not there: a wrong angle would be seen.
        }
        #expect(checked > 50, "only \(checked) points were bright enough")
    }

    @Test("the middle of the light of a point is where the reference puts it, to a third of a pixel")
    func accuracy() {
        let lattice = FieldLattice()
        let motion = FieldMotion(Self.still, breathing: 0.5)
        for n in stride(from: 0, to: FieldLattice.count, by: 13) {
            let placed = motion.place(lattice.points[n], channel: n % 8)
            let r = (Double(n) / Double(FieldLattice.count)).squareRoot()
            let step = (r * 64 + 0.5).rounded(.down) / 64
            let angle = Double(n) * 137.50776405003785 * .pi / 180 + 0.55 * (0.35 + step) * sin(-1.2 * step)
            let error = hypot(placed.place.x - r * cos(angle), placed.place.y - r * sin(angle))
            #expect(error < 1e-9, "point \(n)")
        }
    }

    @Test(
        "every part of the state moves the picture",
        arguments: ["amplitude", "phase", "phi phase", "phi depth", "breathing", "coherence", "frequency"])
    func moves(part: String) throws {
        let test = try TestRenderer()
        var state = Self.still
        state.phi.depth = 1.2
        let before = try test.picture("field", state)
        switch part {
        case "amplitude": state.channels[3].amplitude = 0.2
        case "phase": state.channels[3].phase = 2
        case "phi phase": state.phi.phase = 1
        case "phi depth": state.phi.depth = 0.7
        case "breathing": state.time = 1.0 / 6
        case "coherence": state.coherence = 0.3
        default: state.channels[3].frequency = 5
        }
        #expect(try test.picture("field", state).difference(before, tolerance: 8) > 500)
    }

    @Test(
        "no two points come near each other, and none leaves the disc, in order and in disorder", arguments: [0.0, 1])
    func composed(coherence: Double) {
        var state = EngineState.lively
        state.coherence = coherence
        let lattice = FieldLattice()
        let motion = FieldMotion(state, breathing: 1)
        var farthest = 0.0
        for n in 0..<FieldLattice.count {
            let placed = motion.place(lattice.points[n], channel: n % 8)
            farthest = max(farthest, hypot(placed.place.x, placed.place.y) + placed.radius)
            #expect(placed.radius > 0 && placed.radius <= 0.55 * FieldMotion.spacing)
            #expect((0...1).contains(placed.crest))
        }
        #expect(farthest < 1.15, "\(farthest)")
    }
}
