#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The breathing and the envelope of Φ (domain §2), computed anew.
enum BreathingReference {
    /// 0.5 + (b(t) − 0.5) · clamp(depth − 0.618, 0, 1) with b(t) = 0.5 + 0.5 · sin(2π · f_b · t); [0, 1].
    /// - Parameter time: Seconds on the engine's clock.
    static func breathing(_ phi: PhiModulation, time: Double) -> Double {
        let cycles = phi.breathingRate * time
        // Whole breaths are taken away first, so that the sine is exact after days.
        let angle = 2 * Double.pi * (cycles - cycles.rounded(.down)) + phi.breathingPhase
        return 0.5 + 0.5 * sin(angle) * (phi.depth - 0.618).clamped(to: 0...1)
    }

    /// 1 + depth · sin(2πx + phase).
    static func envelope(_ phi: PhiModulation, at x: Double) -> Double {
        1 + phi.depth * sin(2 * Double.pi * x + phi.phase)
    }
}
