#if canImport(Glibc)
    import Glibc
#endif

/// The modulation Φ: its state and the curves that are drawn from it (domain §2).
public struct PhiModulation: BitwiseCopyable, Sendable, Equatable {
    /// Where phase and depth come from.
    public var mode: PhiMode
    /// Radians, [0, 2π).
    public var phase: Double
    /// [0, φ].
    public var depth: Double
    /// The rate of an internal Φ: Hz, [0.01, 10].
    public var frequency: Double
    /// The rate f_b of the breathing: Hz, typically 1 … 2.
    public var breathingRate: Double
    /// Where the breathing stands at time 0, rad: not 0 after its rate was changed.
    public var breathingPhase = 0.0

    /// The depth at rest, below which nothing breathes.
    public static let restingDepth = 0.618

    public init(
        mode: PhiMode = .internal, phase: Double = 0, depth: Double = restingDepth, frequency: Double = 0.1,
        breathingRate: Double = 1.5
    ) {
        self.mode = mode
        self.phase = phase
        self.depth = depth
        self.frequency = frequency
        self.breathingRate = breathingRate
    }

    /// The breathing that is drawn at `time` seconds, in [0, 1]: 0.5 + (b(t) − 0.5) · clamp(depth − 0.618, 0, 1) with
    /// b(t) = 0.5 + 0.5 · sin(2π · f_b · t).
    public func breathing(at time: Double) -> Double {
        let full = 0.5 * sin(Angle.wrap(Angle.turn * breathingRate * time + breathingPhase))
        return 0.5 + full * (depth - Self.restingDepth).clamped(to: 0...1)
    }

    /// The Φ envelope at `x` ∈ [0, 1) of a cycle: 1 + depth · sin(2πx + phase), in [1 − φ, 1 + φ].
    public func envelope(at x: Double) -> Double { 1 + depth * sin(Angle.turn * x + phase) }

    /// An internal Φ at `time` seconds: the depth swings between 0.3 and 0.9 at `frequency`, and the phase follows.
    public func swinging(at time: Double) -> PhiModulation {
        var next = self
        next.phase = Angle.wrap(Angle.turn * frequency * time)
        next.depth = Self.swingingDepth(phase: next.phase)
        return next
    }

    /// The depth of an internal Φ at a phase, rad: it swings between 0.3 and 0.9.
    public static func swingingDepth(phase: Double) -> Double { 0.6 + 0.3 * sin(phase) }
}
