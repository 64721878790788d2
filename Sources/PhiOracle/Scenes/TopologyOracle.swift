#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The topology scene: nodes, links, and the symmetry ring.
struct TopologyOracle {
    private let subject: Subject
    private let layout: TopologyReference

    init(_ subject: Subject) {
        self.subject = subject
        layout = TopologyReference(subject)
    }

    func probes() -> [Probe] {
        (0..<EngineState.channelCount).flatMap(node)
            + LinkOracle(subject, layout).probes()
            + SymmetryRingOracle(subject, layout).probes()
    }

    /// Place and hue of a node: a disc of the channel's colour in a paler rim, opaque both, so that no light changes them.
    private func node(_ k: Int) -> [Probe] {
        let channel = subject.colors[k], name = "node \(ChannelReference.name(k))"
        let place = layout.node(k), radius = layout.nodeRadius(channel.amplitude), rim = layout.rim
        let softness = subject.softness
        // The outer edge is left out: what is behind it is not known, and hands pass near.
        let edge = radius - 0.2 - 0.5 * softness
        // Of the inside of a large node the part near its rim says where it is.
        let core = max(radius - rim - 8 * softness, 0)
        let fit = PlacementFit(subject: subject, x: place.x, y: place.y, reach: edge, unknowns: 2)
        let found = fit.found { dx, dy, weights, _ in
            let distance = (dx * dx + dy * dy).squareRoot()
            guard distance <= edge, distance >= core else { return false }
            // Dark, filled up to the rim, and the rim over both. The dark is next to nothing, and shows through the seam.
            let outline = Coverage.of(distance: abs(distance - (radius - rim / 2)) - rim / 2, softness: softness)
            let filled = Coverage.of(distance: distance - (radius - rim), softness: softness)
            weights[0] = filled * (1 - outline)
            weights[1] = outline
            return true
        }
        let paler = channel.color.mixed(with: LinearColor(red: 1, green: 1, blue: 1), 0.45)
        let due = EncodedColor(paler).difference(EncodedColor(channel.color))
        let contrast = found.map { EncodedColor($0.colors[0]).difference(EncodedColor($0.colors[1])) } ?? 0
        var probes: [Probe] = []
        // A rim of a pixel is lost where shapes are scaled up.
        if subject.quality == 5 || radius >= 3 * softness {
            probes += PlacementFit.Placement.probes(
                name, expected: place, found, isSeen: contrast >= (subject.quality == 5 ? 0.4 : 0.2) * due,
                tolerance: 0.3 + subject.blur)
        }
        let inner = (radius - rim - subject.inset) / 2.0.squareRoot()
        guard inner > 0.5 else { return probes }
        let seen = subject.meanLight(
            left: place.x - inner, top: place.y - inner, right: place.x + inner, bottom: place.y + inner)
        if let seen, let hue = HueReading.probe(name, expected: channel.color, measured: seen) { probes.append(hue) }
        return probes
    }
}
