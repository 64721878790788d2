import Foundation
import PhiModel
import PhiOracle
import Testing

/// States that no music makes, looks at their bounds, qualities below the highest: nothing that is right may fail.
@Suite("The oracle bears with odd pictures")
struct OddPictureTests {
    enum Oddity: String, CaseIterable, CustomTestStringConvertible {
        case silent, muted, allEqual, uncoupled, fullyCoupled, opposed, incoherent, allZero, fullDepth, faint

        var testDescription: String { rawValue }

        var state: EngineState {
            var state = Sample.lively.state
            for k in 0..<EngineState.channelCount {
                switch self {
                case .silent, .allZero: state.channels[k].amplitude = 0
                case .muted: state.channels[k].enabled = false
                case .allEqual: state.channels[k] = ChannelState(frequency: 440, amplitude: 0.5, phase: 1)
                case .fullDepth: state.channels[k].amplitude = 1
                case .faint: state.channels[k].amplitude = 0.002 * Double(k)
                default: break
                }
                for j in 0..<k {
                    switch self {
                    case .uncoupled, .allZero: state.coupling[k, j] = 0
                    case .fullyCoupled: state.coupling[k, j] = 1
                    case .opposed: state.coupling[k, j] = -1
                    default: break
                    }
                }
            }
            switch self {
            case .incoherent: state.coherence = 0
            case .fullDepth: state.phi.depth = GoldenRatio.phi
            case .allZero:
                state.phi.depth = 0
                state.phi.phase = 0
                state.coherence = 0
                state.ici = 0
                state.waveforms = Waveforms()
            default: break
            }
            return state
        }
    }

    private func failures(_ pictures: Pictures, _ sample: Sample) throws -> [String] {
        try SceneOracle.scenes.flatMap { scene in
            let image = try pictures.picture(scene, sample.state, look: sample.look, quality: sample.quality)
            return SceneOracle.probes(
                scene: scene, state: sample.state, look: sample.look, quality: sample.quality, image: image
            ).filter { !$0.passes }.map { "\(scene), \(sample.name): \($0)" }
        }
    }

    @Test("no correct picture of an odd state fails", arguments: [PictureSize.all[0], PictureSize.all[1]])
    func oddStates(size: PictureSize) throws {
        let pictures = try Pictures(size)
        for oddity in Oddity.allCases {
            for glow in [0.0, 1, 2] {
                let sample = Sample(name: "\(oddity), glow \(glow)", state: oddity.state, look: Look(glow: glow))
                for failure in try failures(pictures, sample) { Issue.record(Comment(rawValue: failure)) }
            }
        }
    }

    @Test("no correct picture of a lower quality fails", arguments: 0...4)
    func qualities(quality: Int) throws {
        for size in [PictureSize.all[1], PictureSize.all[2], PictureSize.all[3]] {
            let pictures = try Pictures(size)
            for var sample in [Sample.lively, .loud, .sparse, .synthetic(seed: 7, time: 9.6)] {
                sample.quality = quality
                for failure in try failures(pictures, sample) { Issue.record(Comment(rawValue: failure)) }
            }
        }
    }

    @Test("a scene that nobody knows has no probes, and a picture of a few pixels has none that crash")
    func unknown() throws {
        let pictures = try Pictures(PictureSize(width: 16, height: 16))
        let image = try pictures.picture("spectral", Sample.lively.state)
        #expect(
            SceneOracle.probes(
                scene: "unheard of", state: Sample.lively.state, look: Look(), quality: 5, image: image) == [])
        for scene in SceneOracle.scenes {
            _ = SceneOracle.probes(scene: scene, state: Sample.lively.state, look: Look(), quality: 5, image: image)
        }
    }
}
