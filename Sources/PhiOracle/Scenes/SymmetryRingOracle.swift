#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// How much of the symmetry ring of the topology scene is closed.
struct SymmetryRingOracle {
    private let subject: Subject
    private let layout: TopologyReference

    init(_ subject: Subject, _ layout: TopologyReference) {
        self.subject = subject
        self.layout = layout
    }

    func probes() -> [Probe] {
        // clamp(1 − 2 · |ici − 0.5|, 0, 1) of domain §3: the share of the ring that is drawn, from the top to both sides.
        let score = (1 - 2 * abs(subject.state.ici - 0.5)).clamped(to: 0...1)
        // The fainter the ring, the less light it adds; the share does not hang on it.
        let alpha = 0.35 + 0.65 * score
        let accent = subject.look.accent
        guard max(accent.red, accent.green, accent.blue) >= 0.15 else { return [] }
        let steps = min(max(Int(2 * layout.symmetryRadius), 180), 1_440)
        var isDrawn: [(away: Double, isDrawn: Bool)] = []
        for step in 0..<steps {
            let turn = (Double(step) + 0.5) / Double(steps)
            isDrawn.append((min(turn, 1 - turn) * 2, isSeen(turn * 2 * Double.pi, ink: accent, alpha: alpha)))
        }
        guard let share = Self.share(isDrawn) else { return [] }
        return [
            Probe(
                name: "closed share of the symmetry ring", expected: score, measured: share,
                tolerance: 0.015 + 2.5 / layout.symmetryRadius + subject.blur / layout.symmetryRadius)
        ]
    }

    /// Whether the ring is seen in a direction, clockwise from the top: lighter there than on both sides, by half of what it
    /// is to be.
    private func isSeen(_ angle: Double, ink: LinearColor, alpha: Double) -> Bool {
        let d = (x: sin(angle), y: -cos(angle))
        func light(_ distance: Double) -> LinearColor {
            let r = layout.symmetryRadius + distance
            return subject.light(layout.centerX + d.x * r, layout.centerY + d.y * r)
        }
        let beside = max(2.5 * subject.unit, 1) / 2 + 1.5 * subject.softness
        let a = light(-beside), b = light(beside)
        let ground = a.mixed(with: b, 0.5)
        let r = ink.red - ground.red, g = ink.green - ground.green, v = ink.blue - ground.blue
        let square = r * r + g * g + v * v
        guard square > 0.01 else { return false }
        var most = 0.0
        // At small sizes the ring is a pixel wide and shared between two.
        for distance in [-0.5, 0, 0.5] {
            let c = light(distance)
            most = max(
                most, ((c.red - ground.red) * r + (c.green - ground.green) * g + (c.blue - ground.blue) * v) / square)
        }
        return most >= 0.4 * alpha
    }

    /// The share that agrees best with what was seen: a few directions where something else lies behind do no harm.
    private static func share(_ seen: [(away: Double, isDrawn: Bool)]) -> Double? {
        let ordered = seen.sorted { $0.away < $1.away }
        guard !ordered.isEmpty else { return nil }
        // With a share of 0 every direction that is drawn disagrees.
        var disagreements = ordered.count { $0.isDrawn }
        var best = (share: 0.0, disagreements: disagreements)
        for direction in ordered {
            disagreements += direction.isDrawn ? -1 : 1
            if disagreements < best.disagreements { best = (direction.away, disagreements) }
        }
        return best.share
    }
}
