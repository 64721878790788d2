import Glibc
import PhiModel

/// How the natural frequencies wander: each to and fro with a period of its own, spread by the golden ratio, so that the
/// eight come closer together and part again within tens of seconds.
struct FrequencyDrift {
    /// The middle of the periods, s; they lie between this divided and multiplied by φ.
    private static let middlePeriod = 18.0

    private var offsets: InlineArray<8, Double>

    init(using generator: inout SeededGenerator) {
        offsets = InlineArray(repeating: 0)
        for k in offsets.indices { offsets[k] = GoldenRatio.channelOffset(k) + 0.5 * generator.signed() }
    }

    /// What the natural frequency of channel `k` is multiplied by at `time` seconds, in 1 ± `depth`; exactly 1 where that is 0.
    func factor(_ k: Int, at time: Double, depth: Double) -> Double {
        let spread = (Double(k) * GoldenRatio.phi).truncatingRemainder(dividingBy: 1)
        let period = Self.middlePeriod * pow(GoldenRatio.phi, 2 * spread - 1)
        return 1 + depth * sin(Angle.turn * time / period + offsets[k])
    }
}
