import Handoff
public import PhiModel
import Synchronization

/// The newest depth and phase that came from outside: from a sensor, or a MIDI controller. Many may write.
public final class PhiInputs: Sendable {
    /// One source.
    public struct Reading: Sendable, Equatable {
        /// [0, φ].
        public var depth: Double
        /// Rad, [0, 2π).
        public var phase: Double
    }

    private let readings = Mutex<[PhiMode: Reading]>([:])

    public init() {}

    /// Takes a new depth or phase; nil leaves the one before. What is not finite is ignored, what is out of range is clamped.
    /// - Parameter mode: `sensor` or `midi`.
    public func put(_ mode: PhiMode, depth: Double?, phase: Double?) {
        readings.withLock { readings in
            var reading = readings[mode] ?? Reading(depth: PhiModulation.restingDepth, phase: 0)
            if let depth, depth.isFinite { reading.depth = depth.clamped(to: 0...GoldenRatio.phi) }
            if let phase, phase.isFinite { reading.phase = Angle.wrap(phase) }
            readings[mode] = reading
        }
    }

    /// The newest; depth and phase at rest where nothing has come.
    public func reading(_ mode: PhiMode) -> Reading {
        readings.withLock { $0[mode] } ?? Reading(depth: PhiModulation.restingDepth, phase: 0)
    }
}
