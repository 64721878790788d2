/// How frequencies become hues.
public enum HueScale: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// 180° a decade: equal intervals are equal angles.
    case logarithmic
    /// Equal differences in Hz are equal angles.
    case linear

    /// The name used on the wire.
    public var name: String {
        switch self {
        case .logarithmic: "log"
        case .linear: "linear"
        }
    }

    /// The scale of a name, if it is one.
    public init?(name: String) {
        guard let scale = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = scale
    }
}

/// What colours and light follow (domain §2). Whoever runs the renderer chooses it; presets say nothing of it.
public struct ColorRule: BitwiseCopyable, Sendable, Equatable {
    /// Whether the phase of Φ turns the hues.
    public var rotates: Bool
    /// Whether light, radii and the field breathe; otherwise they stay in the middle.
    public var breathes: Bool
    /// How frequencies become hues.
    public var scale: HueScale

    /// What is left out is as domain §2 has it.
    public init(rotates: Bool = true, breathes: Bool = true, scale: HueScale = .logarithmic) {
        self.rotates = rotates
        self.breathes = breathes
        self.scale = scale
    }
}
