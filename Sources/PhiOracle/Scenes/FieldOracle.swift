#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The field: place and hue of a handful of its points, those that are large and alone.
struct FieldOracle {
    private let subject: Subject
    private let field: FieldReference
    private var points: [FieldReference.Point] { field.points }

    init(_ subject: Subject) {
        self.subject = subject
        field = FieldReference(subject)
    }

    /// How many points are measured in each of four directions.
    private static let perQuarter = 4

    func probes() -> [Probe] {
        // Closer together than the pixels points are no points any more.
        guard field.pitch >= 1.2 * subject.softness else { return [] }
        return chosen().flatMap(probes)
    }

    /// The points that are best to measure, from all four directions, so that a turn, a move and a scale all show, and no
    /// channel twice in one.
    private func chosen() -> [Int] {
        let stage = StageReference(subject)
        let legend = subject.look.hasLabels && subject.width >= subject.height ? 30 * subject.unit + 90 : 0
        // The middle, where the swarm is dense, and the rim, where it is faint, tell less.
        let candidates = points.indices.filter {
            let p = points[$0], distance = hypot(p.x - stage.x, p.y - stage.y)
            return distance > 0.35 * stage.radius && p.x > min(legend, stage.x - 0.5 * stage.radius)
                && subject.colors[p.channel].amplitude > 0
        }
        let large = candidates.sorted { points[$0].radius > points[$1].radius }.prefix(240)
        let scored = large.map { (n: $0, score: points[$0].radius + 0.5 * min(isolation($0), 4)) }
            .sorted { $0.score > $1.score }
        var chosen: [Int] = []
        for quarter in 0..<4 {
            var channels: Set<Int> = []
            for (n, _) in scored where channels.count < Self.perQuarter {
                let p = points[n]
                guard (p.x >= stage.x ? 1 : 0) + (p.y >= stage.y ? 2 : 0) == quarter,
                    channels.insert(p.channel).inserted
                else { continue }
                chosen.append(n)
            }
        }
        return chosen
    }

    /// From the edge of a point to that of the next, pixels; negative where they overlap.
    private func isolation(_ n: Int) -> Double {
        let p = points[n]
        return field.near(p.x, p.y, 6 * p.radius + 4).filter { $0 != n }.map {
            hypot(points[$0].x - p.x, points[$0].y - p.y) - points[$0].radius - p.radius
        }.reduce(.infinity, min)
    }

    /// The point and all around it are fitted as one: on a small picture they share pixels.
    private func probes(_ n: Int) -> [Probe] {
        let p = points[n], softness = subject.softness
        let reach = max(p.radius + 4, 6)
        let around = field.near(p.x, p.y, reach + 8 + p.radius)
        let fit = PlacementFit(subject: subject, x: p.x, y: p.y, reach: reach, unknowns: 4)
        let found = fit.found { dx, dy, weights, known in
            guard dx * dx + dy * dy <= reach * reach else { return false }
            var own = 0.0, through = 1.0
            for other in around {
                let q = points[other]
                let u = dx - (q.x - p.x), v = dy - (q.y - p.y)
                let limit = q.radius + softness
                guard u * u + v * v < limit * limit else { continue }
                let covered = Coverage.of(distance: (u * u + v * v).squareRoot() - q.radius, softness: softness)
                let rest = 1 - covered
                own *= rest
                through *= rest
                known = LinearColor(red: known.red * rest, green: known.green * rest, blue: known.blue * rest)
                if other == n {
                    own += covered
                } else {
                    known.red += covered * q.color.red
                    known.green += covered * q.color.green
                    known.blue += covered * q.color.blue
                }
            }
            weights[0] = own
            weights[1] = through
            weights[2] = through * dx / reach
            weights[3] = through * dy / reach
            return true
        }
        let name = "point \(n) of \(ChannelReference.name(p.channel))"
        guard let found else { return [] }
        let due = EncodedColor(p.color).difference(EncodedColor(found.colors[1]))
        guard due >= 2 * StrokeFit.leastContrast else { return [] }
        let contrast = EncodedColor(found.colors[0]).difference(EncodedColor(found.colors[1]))
        var probes = PlacementFit.Placement.probes(
            name, expected: (p.x, p.y), found, isSeen: contrast >= 0.4 * due, tolerance: 0.3 + subject.blur)
        if let hue = HueReading.probe(name, expected: p.color, measured: found.colors[0], slack: 2 * subject.hueSlack) {
            probes.append(hue)
        }
        return probes
    }
}
