/// Where the modulation Φ comes from.
public enum PhiMode: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case manual, audio, midi, sensor, `internal`

    /// The name used on the wire.
    public var name: String {
        switch self {
        case .manual: "manual"
        case .audio: "audio"
        case .midi: "midi"
        case .sensor: "sensor"
        case .internal: "internal"
        }
    }
}
