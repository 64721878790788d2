#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// Where things are in the topology scene, pixels. Mirrors TopologyLayout: node 0 at the top, the others every eighth of a turn,
/// clockwise, at 0.305 of the shorter side from the middle.
struct TopologyReference {
    let centerX: Double
    let centerY: Double
    private let ring: Double
    private let unit: Double

    init(_ subject: Subject) {
        centerX = subject.width / 2
        centerY = subject.height / 2
        ring = 0.305 * min(subject.width, subject.height)
        unit = subject.unit
    }

    func node(_ k: Int) -> (x: Double, y: Double) {
        let angle = Double(k) / 8 * 2 * Double.pi
        return (centerX + ring * sin(angle), centerY - ring * cos(angle))
    }

    /// 11 units in silence and 36 at full amplitude.
    func nodeRadius(_ amplitude: Double) -> Double { unit * (11 + 25 * amplitude) }

    /// The width of the rim, which is the outermost part of a node.
    var rim: Double { max(2 * unit, 1) }

    /// How far from the middle of a node its hand reaches, which runs 6 units outside of it.
    func handReach(_ amplitude: Double) -> Double {
        nodeRadius(amplitude) + 6 * unit + max(2.6 * unit, 1.2)
    }

    /// 1.5 units at 0 and 12 at 1.
    func linkWidth(_ coupling: Double) -> Double { unit * (1.5 + 10.5 * abs(coupling)) }

    /// Of the symmetry ring: 12 units outside of the largest node.
    var symmetryRadius: Double { ring + nodeRadius(1) + 12 * unit }

    /// How opaque a link is: 0.16 … 0.90, with |coupling| · coherence.
    static func linkOpacity(_ coupling: Double, coherence: Double) -> Double {
        0.16 + 0.74 * abs(coupling) * coherence
    }
}
