#if canImport(Glibc)
    import Glibc
#endif

extension EngineState {
    /// How long samples may stay away before the picture comes to rest, s.
    public static let restDelay = 0.5
    /// How long it takes to come to rest, s.
    private static let restEase = 2.0
    /// What the amplitudes and the depth go to at rest: every channel to be seen, breathing clearly.
    private static let restingAmplitude = 0.4
    private static let restingDepth = 1.3
    /// How fast the phase of channel 0 turns at rest, Hz; channel 3 turns slower by φ, channel 6 by φ².
    private static let restingRate = 0.12

    /// Brings the last state of an engine that has said nothing for `silence` seconds to rest: slowly, amplitudes go to a
    /// calm level, Φ becomes deep enough to breathe and goes on at its own rate, the phases turn, and the waveforms become
    /// plain waves that turn with them. Before `restDelay` nothing changes.
    public mutating func rest(after silence: Double) {
        let age = silence - Self.restDelay
        guard age > 0 else { return }
        let t = min(age / Self.restEase, 1)
        let share = t * t * (3 - 2 * t)
        // The integral of the share over time: what turns sets out from standing still.
        let turned = Self.restEase * (t * t * t - t * t * t * t / 2) + max(age - Self.restEase, 0)
        for k in channels.indices {
            channels[k].amplitude = channels[k].amplitude.interpolated(to: Self.restingAmplitude, share)
            let rate = Self.restingRate * pow(GoldenRatio.phi, -Double(k) / 3)
            channels[k].phase = Angle.wrap(channels[k].phase + Angle.turn * rate * turned)
            restWaveform(k, share)
        }
        phi.phase = Angle.wrap(phi.phase + Angle.turn * phi.frequency * turned)
        phi.depth = phi.depth.interpolated(to: max(phi.depth, Self.restingDepth), share)
    }

    /// Mixes `share` of a sine into the lane of channel `k`, as high as the resting amplitude, that ends at the channel's phase.
    private mutating func restWaveform(_ k: Int, _ share: Double) {
        let step = Angle.turn * 2 * pow(GoldenRatio.phi, Double(k) / 2) / Double(Waveforms.length)
        let phase = channels[k].phase
        let height = channels[k].enabled ? Self.restingAmplitude : 0
        waveforms.withLane(k) { lane in
            // A sine at equal steps by turning a vector, which is far cheaper than calling sin for each.
            var (x, y) = (cos(phase), sin(phase))
            let (c, s) = (cos(step), -sin(step))
            for n in lane.indices.reversed() {
                lane[n] += Float(share) * (Float(height * y) - lane[n])
                (x, y) = (x * c - y * s, x * s + y * c)
            }
        }
    }
}
