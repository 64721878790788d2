/// What a controller asks for.
public enum ControlCommand: Sendable, Equatable {
    /// [0, φ].
    case phiDepth(Double)
    /// Rad.
    case phiPhase(Double)
    /// By name.
    case scene(String)
    /// By its number in the order of menus, from 0 on.
    case sceneNumber(Int)
    /// By its id.
    case preset(String)
    /// Channel 0…7, and [0, 1].
    case channelAmplitude(Int, Double)
}

/// Where a command came from.
public enum ControlOrigin: String, Sendable {
    case osc, midi
}
