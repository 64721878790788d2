/// The state of one channel of the engine.
public struct ChannelState: BitwiseCopyable, Sendable, Equatable {
    /// The frequencies that a channel may have, Hz.
    public static let frequencyRange = 0.001...96_000.0

    /// Hz, > 0.
    public var frequency: Double
    /// [0, 1].
    public var amplitude: Double
    /// Radians, [0, 2π).
    public var phase: Double
    /// False for a muted channel, which is drawn dark and weighs nothing in metrics.
    public var enabled: Bool

    public init(frequency: Double, amplitude: Double, phase: Double, enabled: Bool = true) {
        self.frequency = frequency
        self.amplitude = amplitude
        self.phase = phase
        self.enabled = enabled
    }

    /// The amplitude that is drawn and that weighs in metrics: 0 for a muted channel.
    public var audibleAmplitude: Double { enabled ? amplitude : 0 }

    /// The default of channel `k`: frequency 0.5 · φ^k Hz, amplitude 0.60 … 0.25 in steps of 0.05.
    public static func standard(_ k: Int) -> ChannelState {
        ChannelState(
            frequency: 0.5 * GoldenRatio.power(k), amplitude: 0.60 - 0.05 * Double(k),
            phase: GoldenRatio.channelOffset(k))
    }
}
