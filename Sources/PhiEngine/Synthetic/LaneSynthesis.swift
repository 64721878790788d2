import Glibc
import PhiModel

/// The newest stretch of a channel's oscillation: its sine with a softer overtone, by default a factor φ higher.
enum LaneSynthesis {
    private static let overtone = 0.2

    /// How many cycles of channel `k` a lane shows: 2 of the lowest channel, 11 of the highest. Lanes stretch over
    /// different times, so that each can be read.
    static func cycles(_ k: Int) -> Double { 2 * pow(GoldenRatio.phi, Double(k) / 2) }

    /// Fills every lane of a state from its channels alone, with an overtone an octave higher: for states that come without
    /// waveforms.
    static func fill(_ state: inout EngineState) {
        for k in state.channels.indices {
            let channel = state.channels[k]
            state.waveforms.withLane(k) { lane in
                fill(
                    lane, cycles: cycles(k), phase: channel.phase, overtonePhase: 2 * channel.phase, ratio: 2,
                    amplitude: channel.audibleAmplitude)
            }
        }
    }

    /// Fills `lane`, oldest first, within ±`amplitude`, so that it ends at `phase`, and its overtone at `overtonePhase`.
    /// - Parameter ratio: How much higher the overtone is.
    static func fill(
        _ lane: UnsafeMutableBufferPointer<Float>, cycles: Double, phase: Double, overtonePhase: Double,
        ratio: Double = GoldenRatio.phi, amplitude: Double
    ) {
        let step = Angle.turn * cycles / Double(max(lane.count - 1, 1))
        // Sines at equal steps by turning a vector, which is far cheaper than calling sin for each.
        var (x, y) = (cos(phase), sin(phase))
        var (u, v) = (cos(overtonePhase), sin(overtonePhase))
        let (c, s) = (cos(step), -sin(step))
        let (d, t) = (cos(step * ratio), -sin(step * ratio))
        for n in lane.indices.reversed() {
            lane[n] = Float(amplitude * ((1 - overtone) * y + overtone * v)).clamped(to: -1...1)
            (x, y) = (x * c - y * s, x * s + y * c)
            (u, v) = (u * d - v * t, u * t + v * d)
        }
    }
}
