import Glibc
import PhiModel

/// The phase of Φ over time, which goes on without a jump when its rate or its mode changes.
struct PhiMotion {
    private var modulation: PhiModulation
    /// Where an internal Φ stood at `anchorTime`, rad and s of engine time.
    private var anchorPhase = 0.0
    private var anchorTime = 0.0
    /// What held when a change was made.
    private var before: (phase: Double, depth: Double)?

    init(_ modulation: PhiModulation) { self.modulation = modulation }

    /// Sets out for another modulation at `time`, engine time in seconds.
    mutating func begin(_ next: PhiModulation, at time: Double, from now: PhiModulation) {
        anchorPhase = now.phase
        anchorTime = time
        before = (now.phase, now.depth)
        modulation = next
        // The breathing of another rate begins where the old one stands.
        modulation.breathingPhase = Angle.wrap(
            now.breathingPhase + Angle.turn * (now.breathingRate - next.breathingRate) * time)
    }

    /// The phase at `time` of a Φ that moves by itself, rad in [0, 2π).
    func phase(at time: Double) -> Double {
        Angle.wrap(Angle.turn * modulation.frequency * (time - anchorTime) + anchorPhase)
    }

    /// The rates and the mode, without phase and depth.
    var rates: PhiModulation { modulation }

    /// Φ at `time`.
    /// - Parameter progress: How far the last change is, [0, 1].
    func value(at time: Double, progress: Double) -> PhiModulation {
        var value = modulation
        if modulation.mode == .internal {
            value.phase = phase(at: time)
            value.depth = PhiModulation.swingingDepth(phase: value.phase)
        }
        guard let before, progress < 1 else { return value }
        if modulation.mode != .internal {
            value.phase = Angle.wrap(
                before.phase + progress * Angle.difference(from: before.phase, to: modulation.phase))
        }
        value.depth = before.depth.interpolated(to: value.depth, progress)
        return value
    }
}
