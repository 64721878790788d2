#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The links of the topology scene: which there are, and how wide.
struct LinkOracle {
    private let subject: Subject
    private let layout: TopologyReference

    /// The couplings from which links are drawn.
    private static let threshold = 0.3

    init(_ subject: Subject, _ layout: TopologyReference) {
        self.subject = subject
        self.layout = layout
    }

    private func coupling(_ i: Int, _ j: Int) -> Double { subject.state.coupling[i, j] }
    private func isDrawn(_ i: Int, _ j: Int) -> Bool { abs(coupling(i, j)) >= Self.threshold }

    func probes() -> [Probe] {
        guard subject.quality >= 3 else { return [] }
        var probes: [Probe] = []
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount { probes += link(i, j) }
        }
        return probes
    }

    private func link(_ i: Int, _ j: Int) -> [Probe] {
        let name = "link \(ChannelReference.name(i))–\(ChannelReference.name(j))"
        guard isDrawn(i, j) else { return absent(i, j, name) }
        let value = coupling(i, j), width = layout.linkWidth(value)
        let clear = width / 2 + 2.5 * subject.softness + 1
        guard let t = clearest(i, j, atLeast: clear) else { return [] }
        let alpha = TopologyReference.linkOpacity(value, coherence: subject.state.coherence)
        let ink = ink(i, j, value, t), fit = fit(i, j, t, reach: clear)
        let light = light(i, j, value, t)
        guard let found = fit.visible(width: width, ink: ink, alpha: alpha, on: light) else { return [] }
        let share = found.stroke.map { opacity($0, ink) / alpha } ?? .nan
        var probes = [Probe(name: "\(name): drawn", expected: 1, measured: share, tolerance: 0.4)]
        probes.append(
            Probe(
                name: "\(name): off its line", expected: 0, measured: found.offset, tolerance: 0.4 + subject.blur,
                unit: "px"))
        // Edges that scaling up has spread tell no width to 5 %, and neither do those of a link that hardly stands out.
        guard subject.quality == 5, found.due >= 30 else { return probes }
        // The edges of a thin link are one: how wide it is shows in how much light it takes.
        let measured = width < 4 ? width * share : found.stroke.flatMap { fit.widened($0)?.width } ?? .nan
        probes.append(
            Probe(
                name: "width of the \(name)", expected: width, measured: measured,
                // ±5 % of the coupling, and what an edge can be read to; light of a coarse raster beside a thin link adds some.
                tolerance: max(0.05 * 10.5 * subject.unit, width < 4 ? 0.2 * width : 0, 0.3), unit: "px"))
        return probes
    }

    /// Where no link is to be, nothing like a thin or a wider one may be seen.
    private func absent(_ i: Int, _ j: Int, _ name: String) -> [Probe] {
        let clear = layout.linkWidth(0.6) / 2 + 2.5 * subject.softness + 1
        guard let t = clearest(i, j, atLeast: clear) else { return [] }
        let fit = fit(i, j, t, reach: clear)
        var shares: [Double] = []
        for value in [Self.threshold, 0.6] {
            let alpha = TopologyReference.linkOpacity(value, coherence: subject.state.coherence)
            let ink = ink(i, j, value, t)
            // Without a link only the nodes around light the place; between two loud ones that is too much.
            guard light(i, j, 0, t).contrast(ink: ink, alpha: alpha) >= 3 * StrokeFit.leastContrast,
                let seen = fit.stroke(offset: 0, width: layout.linkWidth(value))
            else { continue }
            shares.append(opacity(seen, ink) / alpha)
        }
        guard let most = shares.max(by: { abs($0) < abs($1) }) else { return [] }
        return [Probe(name: "\(name): drawn", expected: 0, measured: most, tolerance: 0.4)]
    }

    /// Mirrors TopologyScene.drawLinks: the colours of both channels, brought up to 0.6; three quarters pale where they oppose.
    private func ink(_ i: Int, _ j: Int, _ coupling: Double, _ t: Double) -> LinearColor {
        let pale = LinearColor(sRGB: 0.55, 0.60, 0.72)
        let tint = coupling > 0 ? 0.0 : 0.75
        let from = subject.colors[i].color.lifted(to: 0.6).mixed(with: pale, tint)
        return from.mixed(with: subject.colors[j].color.lifted(to: 0.6).mixed(with: pale, tint), t)
    }

    /// Mirrors the light of a link, which reaches 8 units beyond its width, and that of the nodes nearby.
    private func light(_ i: Int, _ j: Int, _ coupling: Double, _ t: Double) -> GroundLight {
        let glow = subject.quality >= 4 ? subject.look.glow : 0
        let pale = LinearColor(sRGB: 0.55, 0.60, 0.72), tint = coupling > 0 ? 0.0 : 0.75
        let color = subject.colors[i].color.mixed(with: pale, tint)
            .mixed(with: subject.colors[j].color.mixed(with: pale, tint), t)
            .scaled(by: 0.45 * abs(coupling) * subject.state.coherence * glow)
        let a = layout.node(i), b = layout.node(j)
        let x = a.x + (b.x - a.x) * t, y = a.y + (b.y - a.y) * t
        var nodes = subject.look.center
        for k in 0..<EngineState.channelCount {
            let p = layout.node(k), channel = subject.colors[k]
            let share = GroundLight.ofPoint(hypot(x - p.x, y - p.y) / (3.2 * layout.nodeRadius(channel.amplitude)))
            nodes = nodes + channel.color.scaled(by: (0.3 + 1.6 * channel.amplitude) * glow * share)
        }
        let reach = layout.linkWidth(coupling) + 8 * subject.unit
        return GroundLight(on: nodes) { color.scaled(by: GroundLight.ofLine($0 / reach)) }
    }

    /// How much of the ink lies on the ground.
    private func opacity(_ found: StrokeFit.Stroke, _ ink: LinearColor) -> Double {
        let c = found.color, g = found.ground
        let r = ink.red - g.red, v = ink.green - g.green, b = ink.blue - g.blue
        return ((c.red - g.red) * r + (c.green - g.green) * v + (c.blue - g.blue) * b) / (r * r + v * v + b * b)
    }

    /// The pixels around a place on the line of a pair.
    private func fit(_ i: Int, _ j: Int, _ t: Double, reach: Double) -> StrokeFit {
        let a = layout.node(i), b = layout.node(j)
        let length = hypot(b.x - a.x, b.y - a.y)
        let dx = (b.x - a.x) / length, dy = (b.y - a.y) / length
        let x = a.x + (b.x - a.x) * t, y = a.y + (b.y - a.y) * t
        // What is clear is a circle: along the line half of its radius.
        let along = max(reach * 0.5, 1.5)
        var fit = StrokeFit(softness: subject.softness)
        for row in subject.row(y - reach - 1)...subject.row(y + reach + 1) {
            for column in subject.column(x - reach - 1)...subject.column(x + reach + 1) {
                let u = Double(column) + 0.5 - x, v = Double(row) + 0.5 - y
                guard abs(u * dx + v * dy) <= along else { continue }
                let distance = v * dx - u * dy
                if abs(distance) <= reach { fit.add(distance: distance, subject.light(column: column, row: row)) }
            }
        }
        return fit
    }

    /// How far along the line of a pair it is to the place that is farthest from all else, 0 … 1; nil where none is clear by
    /// `least` pixels, counted to the edge of whatever is next.
    private func clearest(_ i: Int, _ j: Int, atLeast least: Double) -> Double? {
        let a = layout.node(i), b = layout.node(j)
        var best: (t: Double, clearance: Double)?
        for step in 5...95 {
            let t = Double(step) / 100
            let clearance = clearance(x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t, of: i, j)
            if clearance > best?.clearance ?? 1.15 * least { best = (t, clearance) }
        }
        return best?.t
    }

    private func clearance(x: Double, y: Double, of i: Int, _ j: Int) -> Double {
        var clearance = Double.infinity
        for k in 0..<EngineState.channelCount {
            let p = layout.node(k)
            clearance = min(clearance, hypot(x - p.x, y - p.y) - layout.handReach(subject.colors[k].amplitude) - 0.5)
            for m in (k + 1)..<EngineState.channelCount where isDrawn(k, m) && (k, m) != (i, j) {
                let q = layout.node(m)
                let dx = q.x - p.x, dy = q.y - p.y
                let t = (((x - p.x) * dx + (y - p.y) * dy) / (dx * dx + dy * dy)).clamped(to: 0...1)
                clearance = min(
                    clearance,
                    hypot(x - p.x - t * dx, y - p.y - t * dy) - layout.linkWidth(coupling(k, m)) / 2 - 0.5)
            }
        }
        return clearance
    }
}
