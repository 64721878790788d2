import Glibc
import PhiModel

/// A coupling matrix that slowly changes: every pair swings with a period and a phase of its own, spread by the golden
/// ratio so that no two pairs keep step, while a tide raises and lowers all of them. Links come and go within tens of
/// seconds, and some pairs repel each other for a while.
struct GoldenCoupling {
    private static let pairCount = 28
    /// The middle of the periods, s; they lie between this divided and multiplied by φ.
    private static let middlePeriod = 21.0
    private static let tidePeriod = 55.0

    private var offsets: InlineArray<28, Double>
    private var tideOffset: Double

    init(using generator: inout SeededGenerator) {
        offsets = InlineArray(repeating: 0)
        for p in offsets.indices { offsets[p] = Double(p) * GoldenRatio.angle + 0.5 * generator.signed() }
        tideOffset = 0.5 * generator.signed()
    }

    /// The coupling at `time` seconds under the modulation `phi`, each entry in [−1, 1].
    func matrix(at time: Double, phi: PhiModulation) -> CouplingMatrix {
        var matrix = CouplingMatrix()
        let tide = 0.9 + 0.4 * sin(Angle.turn * time / Self.tidePeriod + tideOffset)
        var p = 0
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                let spread = (Double(p) * GoldenRatio.phi).truncatingRemainder(dividingBy: 1)
                let period = Self.middlePeriod * pow(GoldenRatio.phi, 2 * spread - 1)
                let swing = 0.45 + 0.7 * sin(Angle.turn * time / period + offsets[p])
                let nearness = pow(GoldenRatio.phi, -Double(j - i - 1) / 8)
                let modulation = 1 + 0.15 * (phi.envelope(at: Double(p) / Double(Self.pairCount)) - 1)
                matrix[i, j] = (tide * swing * nearness * modulation).clamped(to: -1...1)
                p += 1
            }
        }
        return matrix
    }
}
