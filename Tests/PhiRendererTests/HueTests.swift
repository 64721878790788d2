import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

/// The hue of every scene's channels, read from pixels: a colour identifies its frequency within ±3 Hz (domain §2), or as well
/// as eight bits can tell a hue.
@Suite("Hues", .validated)
struct HueTests {
    /// The default ladder, one that is audible, and one between the two.
    private static let ladders: [[Double]] = [
        (0..<8).map { 0.5 * pow(1.618033988749895, Double($0)) },
        [110, 160, 220, 310, 440, 620, 880, 1_240], [21, 34, 55, 144, 233, 377, 987, 1_597],
    ]
    private static let phases = [0.0, 1.1, 2.5, 3.9, 5.6]

    private func state(_ ladder: [Double], phase: Double) -> EngineState {
        var state = EngineState.lively
        state.phi.phase = phase
        for k in 0..<8 {
            state.channels[k].frequency = ladder[k]
            state.channels[k].amplitude = 0.7 - 0.04 * Double(k)
            // Hands and beads point up, clear of what is read.
            state.channels[k].phase = .pi / 2
        }
        return state
    }

    /// By how much the hue of a pixel is off, and by how much it may be, degrees.
    private func error(_ pixel: Picture.Pixel, _ frequency: Double, phase: Double) -> (off: Double, slack: Double) {
        // The domain's formula, after sub-audio channels were moved into 20 … 2000 Hz.
        func hue(_ f: Double) -> Double { 360 * log10(f / 20) / 2 }
        let wanted = hue(frequency) + phase / (2 * .pi) * 137.50776405003785
        let off = abs((pixel.hue - wanted + 1_080).truncatingRemainder(dividingBy: 360))
        return (min(off, 360 - off), max(hue(frequency + 3) - hue(frequency), bits(pixel)))
    }

    /// What rounding to whole levels can make of a hue, degrees.
    private func bits(_ pixel: Picture.Pixel) -> Double {
        let most = max(pixel.red, pixel.green, pixel.blue), least = min(pixel.red, pixel.green, pixel.blue)
        return 60 / Double(max(most - least, 1))
    }

    private func check(
        _ scene: String, width: Int = 1_280, height: Int = 720,
        _ place: (_ k: Int, _ state: EngineState, _ renderer: FrameRenderer) -> (x: Double, y: Double)
    ) throws {
        let test = try TestRenderer(width: width, height: height)
        for ladder in Self.ladders {
            for phase in Self.phases {
                let state = state(ladder, phase: phase)
                let picture = try test.picture(scene, state)
                let shown = ChannelColor.audibleFrequencies(state.channels)
                for k in 0..<8 {
                    let (x, y) = place(k, state, test.renderer)
                    let (off, slack) = error(picture[x, y], shown[k], phase: phase)
                    #expect(off <= slack, "channel \(k), \(shown[k]) Hz, Φ at \(phase): \(off)° of \(slack)°")
                }
            }
        }
    }

    @Test("the nodes of topology")
    func topology() throws {
        let layout = TopologyLayout(width: 1_280, height: 720)
        try check("topology") { k, _, _ in layout.node(k) }
    }

    @Test("the bars of waveform")
    func waveform() throws {
        let layout = WaveformLayout(width: 1_280, height: 720)
        try check("waveform") { k, state, _ in
            (layout.right + 22 + 0.4 * (1_280 - 26 - layout.right - 22) * state.channels[k].amplitude, layout.laneY(k))
        }
    }

    @Test("the discs on the diagonal of matrix")
    func matrix() throws {
        try check("matrix") { k, _, _ in
            // 62 pixels of margin, eight columns.
            let pitch = 74.0, gap = 4.0
            let left = ((1_280 - pitch * 8 + gap) / 2).rounded(), top = ((720 - pitch * 8 + gap) / 2).rounded()
            return (left + Double(k) * pitch + (pitch - gap) / 2, top + Double(k) * pitch + (pitch - gap) / 2)
        }
    }

    @Test("the rings of breathing")
    func breathing() throws {
        try check("breathing", width: 1_080, height: 1_080) { k, state, _ in
            // The legend takes 136 pixels where the shorter side is 720.
            let radius = min(0.455 * 1_080, 540 - 136 * 1.5)
            let ring = max(radius, 0.3 * 1_080) / 1.13 * (0.16 + 0.84 * Double(k + 1) / 8)
            // Below the middle.
            return (540, 540 + ring * (1 + 0.13 * (2 * state.breathing - 1)))
        }
    }

    @Test("the points of field, from the trough of their wave to the crest")
    func field() throws {
        let size = 1_080.0
        let test = try TestRenderer(width: 1_080, height: 1_080)
        for ladder in Self.ladders {
            for phase in Self.phases {
                var state = state(ladder, phase: phase)
                state.coherence = 1
                state.phi.depth = 0
                let picture = try test.picture("field", state, look: Look(glow: 0, hasLabels: false))
                let shown = ChannelColor.audibleFrequencies(state.channels)
                var checked = 0
                for n in stride(from: 300, to: 3_300, by: 61) {
                    let r = (Double(n) / Double(FieldLattice.count)).squareRoot()
                    let step = (r * 64 + 0.5).rounded(.down) / 64
                    let turn = 0.55 * (0.35 + step) * sin(phase - 1.2 * step)
                    let angle = Double(n) * 137.50776405003785 * .pi / 180 + turn
                    let radius = 0.455 * size / 1.05 * r
                    let pixel = picture[size / 2 + cos(angle) * radius, size / 2 + sin(angle) * radius]
                    guard pixel.value > 0.35 else { continue }
                    let (off, _) = error(pixel, shown[n % 8], phase: phase)
                    #expect(off <= bits(pixel) + 1.5, "point \(n), Φ at \(phase): \(off)°")
                    checked += 1
                }
                #expect(checked > 30)
            }
        }
    }
}
