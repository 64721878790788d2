import Glibc
import PhiModel

/// A coupling matrix that slowly changes: every pair swings around the base of the engine's character with a period and a phase of its own, spread by the golden
/// ratio so that no two pairs keep step, while a tide raises and lowers all of them. Links come and go within tens of
/// seconds, and some pairs repel each other for a while.
struct GoldenCoupling {
    private static let pairCount = 28
    /// The middle of the periods, s; they lie between this divided and multiplied by φ.
    private static let middlePeriod = 21.0
    private static let tidePeriod = 55.0

    /// One pair of channels, in the order of the upper triangle.
    private struct Pair {
        var offset = 0.0, rate = 0.0, nearness = 0.0
    }

    private var pairs = InlineArray<28, Pair>(repeating: Pair())
    private var tideOffset: Double

    init(using generator: inout SeededGenerator) {
        var p = 0
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                let spread = (Double(p) * GoldenRatio.phi).truncatingRemainder(dividingBy: 1)
                pairs[p] = Pair(
                    offset: Double(p) * GoldenRatio.angle + 0.5 * generator.signed(),
                    rate: pow(GoldenRatio.phi, 1 - 2 * spread) / Self.middlePeriod,
                    nearness: pow(GoldenRatio.phi, -Double(j - i - 1) / 8))
                p += 1
            }
        }
        tideOffset = 0.5 * generator.signed()
    }

    /// The coupling at `time` seconds under the modulation `phi`, each entry in [−1, 1].
    func matrix(at time: Double, phi: PhiModulation, character: SyntheticCharacter) -> CouplingMatrix {
        var matrix = CouplingMatrix()
        let tide = 0.95 + 0.35 * sin(Angle.turn * time / Self.tidePeriod + tideOffset)
        var p = 0
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                let swing =
                    character.couplingBase
                    + character.couplingSwing * sin(Angle.turn * time * pairs[p].rate + pairs[p].offset)
                let modulation = 1 + 0.15 * (phi.envelope(at: Double(p) / Double(Self.pairCount)) - 1)
                matrix[i, j] = (tide * swing * pairs[p].nearness * modulation).clamped(to: -1...1)
                p += 1
            }
        }
        return matrix
    }
}
