public import PhiModel

/// Where Φ is to come from, whatever engine runs (domain §6).
public enum PhiWish: Sendable, Equatable {
    /// As the engine has it.
    case engine
    /// Held still: depth in [0, φ], phase in rad.
    case manual(depth: Double, phase: Double)
    /// The depth swings 0.3…0.9 at `frequency`, Hz in [0.01, 10], and the phase follows.
    case `internal`(frequency: Double)
    /// From what is pushed.
    case sensor
    /// From a MIDI controller.
    case midi

    /// The mode of states with it; nil where it is the engine's.
    public var mode: PhiMode? {
        switch self {
        case .engine: nil
        case .manual: .manual
        case .internal: .internal
        case .sensor: .sensor
        case .midi: .midi
        }
    }
}
