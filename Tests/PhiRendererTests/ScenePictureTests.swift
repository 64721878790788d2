import Foundation
import PhiModel
import Testing
import VulkanKit

@testable import PhiRenderer

/// What scenes draw, compared with what the domain says, computed here in Double.
@Suite("Scenes", .validated)
struct ScenePictureTests {
    @Test(
        "every scene is opaque, not blank, and draws without a word from the validation layer",
        arguments: SceneCatalog.entries.map(\.name))
    func everyScene(name: String) throws {
        let test = try TestRenderer()
        let picture = try test.picture(name)
        #expect(picture.isOpaque)
        #expect(picture.colorCount > 200)
        let flat = try test.picture(FrameContent(scene: SceneCatalog.flatFillIndex))
        #expect(picture.difference(flat) > 2_000)
    }

    @Test(
        "the same state gives the same bytes, on a renderer of its own as well",
        arguments: SceneCatalog.entries.map(\.name))
    func deterministic(name: String) throws {
        let first = try TestRenderer(), second = try TestRenderer()
        let picture = try first.picture(name)
        #expect(try first.picture(name) == picture)
        #expect(try second.picture(name) == picture)
    }

    @Test("the cells of spectral have hue and lightness of their channels")
    func spectralColors() throws {
        let test = try TestRenderer()
        let state = EngineState.lively
        let picture = try test.picture("spectral", state)
        let grid = SpectralGrid(width: 640, height: 360)
        let frequencies = ChannelColor.audibleFrequencies(state.channels)
        for k in 0..<EngineState.channelCount {
            let cell = grid.cell(k)
            // Just under the top edge, in the middle: clear of text, of the dial and of the shading.
            let pixel = picture[cell.x + cell.width / 2, cell.y + 2]
            let hue = ChannelColor.rotatedHue(
                ChannelColor.hue(frequency: frequencies[k]), phiPhase: state.phi.phase)
            let error = abs((pixel.hue - hue + 540).truncatingRemainder(dividingBy: 360) - 180)
            // ±3 Hz at the frequency that is drawn, or what 8 bits can tell of a hue, whichever is more.
            let allowed = max(
                abs(ChannelColor.hue(frequency: frequencies[k] + 3) - ChannelColor.hue(frequency: frequencies[k])), 1)
            #expect(error <= allowed, "channel \(k): hue \(pixel.hue), wanted \(hue)")
            // The domain's lightness, of a colour whose hue is evened out for the eye.
            let lightness =
                ChannelColor.lightness(amplitude: state.channels[k].amplitude, breathing: state.breathing)
                * ChannelColor.fullValue(hue: hue)
            #expect(abs(pixel.value - lightness) < 0.03, "channel \(k): \(pixel.value), wanted \(lightness)")
        }
    }

    @Test("a circle has its colour at every size, however it is drawn", arguments: [1, 2, 3])
    func circles(factor: Int) throws {
        let width = 1280.0 * Double(factor), height = 720.0 * Double(factor)
        let test = try TestRenderer(width: Int(width), height: Int(height))
        var state = EngineState.lively
        for k in 0..<EngineState.channelCount { state.channels[k].phase = 0 }
        let picture = try test.picture("spectral", state)
        let grid = SpectralGrid(width: width, height: height)
        for k in 0..<EngineState.channelCount {
            let cell = grid.cell(k)
            // The left end of the dial, opposite of its hand, and the cell beside it.
            let short = min(cell.width, cell.height)
            let dial = 0.11 * short, stroke = dial * 0.13
            let x = cell.x + cell.width - 0.09 * short - 2 * dial + stroke, y = cell.y + 0.09 * short + dial
            let contrast = abs(picture[x, y].luma - picture[x - 2 * stroke - 2, y].luma)
            #expect(contrast > 8, "channel \(k): \(contrast)")
        }
    }

    @Test("the lightness of spectral breathes at the rate of the breathing, within 2 %")
    func breathingPeriod() throws {
        let test = try TestRenderer(width: 320, height: 180)
        var state = EngineState.lively
        state.phi.depth = GoldenRatio.phi
        let cell = SpectralGrid(width: 320, height: 180).cell(0)
        let rate = 240.0
        let values = try (0..<480).map { n in
            state.time = Double(n) / rate
            return try test.picture("spectral", state)[cell.x + cell.width / 2, cell.y + 2].value
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let rises = values.indices.dropFirst().filter { values[$0 - 1] < mean && values[$0] >= mean }
        let period = Double(rises[rises.count - 1] - rises[0]) / Double(rises.count - 1) / rate
        #expect(abs(period * state.phi.breathingRate - 1) < 0.02, "period \(period) s")
    }

    @Test("topology draws a link where |coupling| is 0.3 or more, as wide as the coupling says")
    func links() throws {
        let test = try TestRenderer(width: 1280, height: 720)
        let layout = TopologyLayout(width: 1280, height: 720)
        var without = EngineState.lively
        without.coupling = CouplingMatrix()
        let bare = try test.picture("topology", without, look: Self.unlit)
        for coupling in [-1.0, -0.5, 0.29, 0.3, 0.5, 0.75, 1.0] {
            var state = without
            state.coupling[1, 4] = coupling
            let linked = try test.picture("topology", state, look: Self.unlit)
            let width = measuredWidth(of: layout, 1, 4, linked, bare)
            guard abs(coupling) >= CouplingLink.threshold else {
                #expect(linked == bare, "coupling \(coupling) is under the threshold")
                continue
            }
            let wanted = layout.linkWidth(coupling: coupling)
            let read =
                (width - layout.linkWidth(coupling: 0))
                / (layout.linkWidth(coupling: 1) - layout.linkWidth(coupling: 0))
            #expect(abs(read - abs(coupling)) <= 0.05, "coupling \(coupling): width \(width), wanted \(wanted)")
        }
    }

    /// The width of a link across its middle, with the soft edges counted by how much they cover.
    private func measuredWidth(
        of layout: TopologyLayout, _ i: Int, _ j: Int, _ linked: Picture, _ bare: Picture
    ) -> Double {
        let a = layout.node(i), b = layout.node(j)
        // A quarter of the way: clear of the centre, where other things could cross.
        let x = a.x + (b.x - a.x) * 0.3, y = a.y + (b.y - a.y) * 0.3
        let length = hypot(b.x - a.x, b.y - a.y)
        let normal = (x: -(b.y - a.y) / length, y: (b.x - a.x) / length)
        func linear(_ p: Picture.Pixel) -> Double {
            let c = LinearColor(sRGB: Double(p.red) / 255, Double(p.green) / 255, Double(p.blue) / 255)
            return c.red + c.green + c.blue
        }
        let steps = stride(from: -20.0, through: 20.0, by: 0.05)
        let gains = steps.map { s in
            linear(linked[x + normal.x * s, y + normal.y * s]) - linear(bare[x + normal.x * s, y + normal.y * s])
        }
        let full = gains.sorted()[gains.count - 1 - gains.count / 50]
        return gains.map { max(min($0 / full, 1), 0) }.reduce(0, +) * 0.05
    }

    @Test("topology puts node k at k eighths of a turn, from the top, clockwise")
    func nodes() throws {
        let test = try TestRenderer(width: 720, height: 720)
        var state = EngineState.lively
        state.coupling = CouplingMatrix()
        let picture = try test.picture("topology", state)
        let colors = ChannelColor.palette(state, breathing: state.breathing)
        for k in 0..<EngineState.channelCount {
            let angle = Double(k) * .pi / 4
            let x = 360 + 0.305 * 720 * sin(angle), y = 360 - 0.305 * 720 * cos(angle)
            let pixel = picture[x, y]
            let peak = max(colors[k].red, colors[k].green, colors[k].blue)
            #expect(abs(Self.decode(pixel.value) - peak) < 0.03, "node \(k)")
        }
    }

    @Test("the symmetry ring closes at ICI 0.5 and opens towards 0 and 1")
    func symmetryRing() throws {
        let test = try TestRenderer(width: 720, height: 720)
        let layout = TopologyLayout(width: 720, height: 720)
        func goldenShare(_ ici: Double) throws -> Double {
            var state = EngineState()
            state.ici = ici
            let picture = try test.picture("topology", state, look: Self.unlit)
            let isGolden = (0..<720).map { step in
                let d = Angle2D(radians: Double(step) / 720 * Angle.turn)
                let pixel = picture[
                    360 + layout.symmetryRadius * d.cosine, 360 + layout.symmetryRadius * d.sine]
                return pixel.red > pixel.blue + 40
            }
            return Double(isGolden.count { $0 }) / 720
        }
        #expect(try goldenShare(0.5) > 0.99)
        #expect(abs(try goldenShare(0.25) - 0.5) < 0.02)
        #expect(abs(try goldenShare(0.9) - 0.2) < 0.02)
        #expect(try goldenShare(0) < 0.02)
    }

    @Test("the envelope of waveform is 1 + depth · sin(2πx + phase), with its marker at the phase")
    func envelope() throws {
        let test = try TestRenderer(width: 1280, height: 720)
        let layout = WaveformLayout(width: 1280, height: 720)
        var state = EngineState()
        state.phi.depth = 0.9
        state.phi.phase = 2
        let picture = try test.picture("waveform", state, look: Self.unlit)
        for position in stride(from: 0.05, to: 1, by: 0.1) {
            let wanted = layout.envelopeY(1 + 0.9 * sin(2 * .pi * position + 2))
            let x = layout.x(position)
            // The golden pixels of this column, by the weight of their gold.
            var weight = 0.0, sum = 0.0
            for y in stride(from: wanted - 12, through: wanted + 12, by: 1) {
                let pixel = picture[x, y.rounded(.down)]
                let gold = max(Double(pixel.red - pixel.blue) - 60, 0)
                weight += gold
                sum += gold * (y.rounded(.down) + 0.5)
            }
            #expect(weight > 0, "no envelope at \(position)")
            #expect(abs(sum / weight - wanted) < 1.5, "at \(position): \(sum / weight), wanted \(wanted)")
        }
        let marker = picture[layout.x(2 / Angle.turn), layout.envelopeY(1 + 0.9 * sin(4))]
        #expect(marker.red > 220 && marker.green > 180)
    }

    /// Without the light around things, what is measured is their own shape.
    private static let unlit = Look(glow: 0, trails: 0)

    private static func decode(_ v: Double) -> Double { v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4) }
}
