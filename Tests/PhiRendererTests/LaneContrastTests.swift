import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

/// The lanes of waveform, read from pixels as people see them who lack one kind of cone.
@Suite("Contrast of lanes", .validated)
struct LaneContrastTests {
    private static let presets = [
        "aurora", "deep", "default", "edge", "flow", "golden_ratio", "minimal", "peak",
    ]

    private func preset(_ name: String) throws -> Preset {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../presets/\(name).json").standardizedFileURL
        return try Preset(json: Data(contentsOf: file), source: name)
    }

    private func luminance(_ c: LinearColor) -> Double { 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue }

    @Test("every lane stands out from its ground by 3 : 1, under every preset, wherever Φ stands", arguments: presets)
    func lanes(name: String) throws {
        let preset = try preset(name)
        let test = try TestRenderer(width: 1_280, height: 720)
        let layout = WaveformLayout(width: 1_280, height: 720)
        for phase in stride(from: 0.3, to: 2 * .pi, by: 0.7) {
            var state = EngineState()
            for k in 0..<8 {
                // Quiet, without samples: a line in the middle of the lane.
                state.channels[k].amplitude = 0.25
                state.channels[k].frequency = preset.channels?[k].frequency ?? state.channels[k].frequency
            }
            state.phi.phase = phase
            let picture = try test.picture("waveform", state, look: preset.resolvedLook)
            for k in 0..<8 {
                let y = layout.laneY(k)
                // Near the newest samples, clear of the envelope and of its marker.
                let position = try #require(
                    [0.97, 0.94, 0.91, 0.88].filter { abs($0 - phase / Angle.turn) > 0.015 }
                        .max { clearance($0, state, layout, y) < clearance($1, state, layout, y) })
                guard clearance(position, state, layout, y) > 50 else { continue }
                let x = layout.x(position)
                for kind in ColorBlindness.allCases {
                    let line = kind.seen(picture.light(x, y))
                    let ground = kind.seen(picture.light(x, y + 0.3 * layout.laneHeight))
                    let contrast = (luminance(line) + 0.05) / (luminance(ground) + 0.05)
                    #expect(contrast >= 3, "\(kind), lane \(k), Φ at \(phase): \(contrast)")
                }
            }
        }
    }

    private func clearance(_ position: Double, _ state: EngineState, _ layout: WaveformLayout, _ y: Double) -> Double {
        abs(layout.envelopeY(state.phi.envelope(at: position)) - y)
    }
}
