import PhiModel

/// Where things are in the topology scene, in pixels.
struct TopologyLayout {
    let centerX: Double
    let centerY: Double
    /// Of the ring that the nodes sit on.
    let radius: Double
    private let unit: Double

    init(width: Double, height: Double) {
        centerX = width / 2
        centerY = height / 2
        radius = 0.305 * min(width, height)
        unit = min(width, height) / 720
    }

    /// The direction of node `k` from the centre: evenly spaced, node 0 at the top, clockwise.
    func direction(_ k: Int) -> Angle2D {
        Angle2D(radians: Angle.turn * Double(k) / Double(EngineState.channelCount) - .pi / 2)
    }

    func node(_ k: Int) -> (x: Double, y: Double) {
        let d = direction(k)
        return (centerX + radius * d.cosine, centerY + radius * d.sine)
    }

    /// The radius of a node, which grows with its amplitude.
    func nodeRadius(amplitude: Double) -> Double { unit * (11 + 25 * amplitude) }

    /// The radius of the circle around a node that its phase runs along.
    func orbit(amplitude: Double) -> Double { nodeRadius(amplitude: amplitude) + 6 * unit }

    /// The width of a link, which grows with |coupling|: 1.5 px at 0 and 12 px at 1, where the shorter side is 720.
    func linkWidth(coupling: Double) -> Double { unit * (1.5 + 10.5 * abs(coupling)) }

    /// The radius of the symmetry ring, just clear of the largest node and its hand.
    var symmetryRadius: Double { radius + nodeRadius(amplitude: 1) + 12 * unit }
}
