import PhiModel

/// Where the rings of the breathing scene are, pixels.
struct BreathingLayout {
    let stage: Stage
    private let breathing: Double

    /// - Parameter breathing: [0, 1]; 0.5 is at rest.
    init(_ stage: Stage, breathing: Double) {
        self.stage = stage
        self.breathing = breathing
    }

    /// How far the radii swing around their means, as a share of them.
    static let swing = 0.13

    /// The radius of the ring of channel `k`: evenly spaced at rest, and all of them proportional to the breathing.
    func radius(_ k: Int) -> Double {
        let rest = stage.radius / (1 + Self.swing) * (0.16 + 0.84 * Double(k + 1) / Double(EngineState.channelCount))
        return rest * (1 + Self.swing * (2 * breathing - 1))
    }

    /// Half of the distance between two rings.
    var halfGap: Double { (radius(1) - radius(0)) / 2 }
}
