import PhiModel
import Testing

@testable import PhiRenderer

/// States that no music makes, but that somebody will send.
@Suite("Odd states", .validated)
struct OddStateTests {
    enum Oddity: String, CaseIterable, CustomTestStringConvertible {
        case allEqual, silent, muted, uncoupled, fullyCoupled, huge, negative, notFinite, restless

        var testDescription: String { rawValue }

        func state(at time: Double) -> EngineState {
            var state = EngineState.lively
            state.time = time
            for k in state.channels.indices {
                switch self {
                case .allEqual: state.channels[k] = ChannelState(frequency: 440, amplitude: 0.5, phase: 1)
                case .silent: state.channels[k].amplitude = 0
                case .muted: state.channels[k].enabled = false
                case .huge: state.channels[k] = ChannelState(frequency: 1e300, amplitude: 1e300, phase: 1e300)
                case .negative: state.channels[k] = ChannelState(frequency: -5, amplitude: -1, phase: -1e6)
                case .notFinite:
                    state.channels[k] = ChannelState(frequency: .nan, amplitude: .infinity, phase: -.infinity)
                case .restless: state.channels[k].phase = time * 1e4 * Double(k)
                case .uncoupled, .fullyCoupled: break
                }
                for j in 0..<k {
                    switch self {
                    case .uncoupled: state.coupling[k, j] = 0
                    case .fullyCoupled: state.coupling[k, j] = 1
                    case .huge: state.coupling[k, j] = 1e200
                    case .negative: state.coupling[k, j] = -7
                    case .notFinite: state.coupling[k, j] = .nan
                    default: break
                    }
                }
            }
            let measure: Double? =
                switch self {
                case .silent, .muted: 0
                case .huge: 1e300
                case .negative: -1
                case .notFinite: .nan
                default: nil
                }
            if let measure {
                state.ici = measure
                state.coherence = measure
                state.criticality = measure
                state.phi.depth = measure
                state.phi.phase = measure
            }
            // As every engine's state is on its way to the renderer.
            var sanitizer = StateSanitizer()
            sanitizer.sanitize(&state)
            return state
        }
    }

    @Test(
        "every scene makes a sensible picture of them: opaque, not black, and it does not flicker",
        arguments: Oddity.allCases)
    func pictures(oddity: Oddity) throws {
        let test = try TestRenderer(width: 320, height: 180)
        for scene in SceneCatalog.entries {
            let pictures = try (0..<3).map { try test.picture(scene.name, oddity.state(at: 10 + Double($0) / 60)) }
            for picture in pictures {
                #expect(picture.isOpaque)
                #expect(picture.colorCount > 40, "\(scene.name): \(picture.colorCount) colours")
                #expect(picture.meanLuma > 4, "\(scene.name): \(picture.meanLuma)")
            }
            // From one frame to the next it is lighter or darker by what the fastest breathing makes, at most.
            for (a, b) in zip(pictures, pictures.dropFirst()) where oddity != .restless {
                #expect(a.difference(b, tolerance: 40) < 320 * 180 / 20, "\(scene.name)")
                #expect(abs(a.meanLuma - b.meanLuma) < 0.08 * a.meanLuma + 0.5, "\(scene.name)")
            }
        }
    }
}
