#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// The breathing scene: radius and colour of each ring, measured where neither bead nor trail is.
struct BreathingOracle {
    private let subject: Subject
    private let stage: StageReference

    init(_ subject: Subject) {
        self.subject = subject
        stage = StageReference(subject)
    }

    func probes() -> [Probe] { (0..<EngineState.channelCount).flatMap(ring) }

    /// Mirrors BreathingLayout: evenly spaced from 0.16 + 0.84 / 8 of the whole, and swinging by 0.13 with the breathing.
    private func radius(_ k: Int) -> Double {
        let rest = stage.radius / 1.13 * (0.16 + 0.84 * Double(k + 1) / 8)
        return rest * (1 + 0.13 * (2 * subject.breathing - 1))
    }

    /// 1.5 … 10.5 units, with the amplitude.
    private func strokeWidth(_ k: Int) -> Double { max(subject.unit * (1.5 + 9 * subject.colors[k].amplitude), 1) }

    /// How far a bead reaches from its middle, pixels.
    private func beadRadius(_ k: Int) -> Double { max(strokeWidth(k) / 2 + 2.5 * subject.unit, 1.5) }

    private func ring(_ k: Int) -> [Probe] {
        let channel = subject.colors[k]
        guard EncodedColor(channel.color).value >= 0.08 else { return [] }
        let radius = radius(k), width = strokeWidth(k)
        let reach = min(width / 2 + 3 * subject.softness + 2, spaceBeside(k))
        // Thinner than what is scaled up a ring is spread too far.
        guard reach - width / 2 >= 1.4 * subject.softness, subject.quality == 5 || width >= 0.8 * subject.softness
        else { return [] }
        let name = ChannelReference.name(k)
        // In every quarter on its own, so that a picture that is moved shows as much as one that is scaled.
        return (0..<4).flatMap { quarter -> [Probe] in
            guard let angle = clearest(k, quarter: quarter) else { return [] }
            let fit = fit(radius, angle, reach: reach)
            guard let found = fit.visible(width: width, ink: channel.color, alpha: 1, on: light(at: radius)) else {
                return []
            }
            let direction = Int((angle * 180 / Double.pi).rounded())
            var probes = [
                Probe(
                    name: "radius of ring \(name) at \(direction)°", expected: radius, measured: radius + found.offset,
                    tolerance: 0.6 + subject.blur, unit: "px")
            ]
            // A thin ring has its colour from pixels that it shares with the light beside it.
            let isThin = width < 2 + subject.softness
            guard !isThin || found.due >= 24 else { return probes }
            if let hue = HueReading.probe(
                "ring \(name) at \(direction)°", expected: channel.color, measured: found.stroke?.color,
                slack: (isThin ? 2 : 1) * subject.hueSlack)
            {
                probes.append(hue)
            }
            return probes
        }
    }

    /// Mirrors the light of BreathingScene: around each ring, the farther the louder it is, and around the heart.
    private func light(at place: Double) -> GroundLight {
        guard subject.quality >= 4, subject.look.glow > 0 else {
            return GroundLight(on: subject.look.center) { _ in LinearColor(red: 0, green: 0, blue: 0) }
        }
        let gap = (radius(1) - radius(0)) / 2, glow = subject.look.glow
        let depth = subject.state.phi.depth / 1.618033988749895
        return GroundLight(on: subject.look.center) { distance in
            let r = place + distance
            var sum = subject.look.accent.scaled(
                by: (0.25 + 0.5 * depth * subject.breathing) * glow * GroundLight.ofPoint(r / (1.1 * radius(1))))
            for (k, channel) in subject.colors.enumerated() {
                let share = GroundLight.ofLine((r - radius(k)) / (gap * (1 + 1.4 * channel.amplitude)))
                sum = sum + channel.color.scaled(by: (0.3 + 0.5 * channel.amplitude) * glow * share)
            }
            return sum
        }
    }

    /// How far from the middle of a ring nothing of its neighbours is, pixels.
    private func spaceBeside(_ k: Int) -> Double {
        var space = Double.infinity
        for other in [k - 1, k + 1] where (0..<EngineState.channelCount).contains(other) {
            space = min(space, abs(radius(other) - radius(k)) - strokeWidth(other) / 2)
        }
        // The heart in the middle: its hand runs 7 units outside of it.
        if k == 0 {
            let heart = radius(0) * (0.16 + 0.34 * subject.state.phi.depth / 1.618033988749895)
            space = min(space, radius(0) - heart - 7 * subject.unit - max(3 * subject.unit, 1.2))
        }
        return space - 0.6 * subject.softness
    }

    /// The direction in a quarter, radians, clockwise from the right, in which a ring is farthest from beads and trails; nil where
    /// all of it is near one.
    private func clearest(_ k: Int, quarter: Int) -> Double? {
        let radius = radius(k)
        var best: (angle: Double, distance: Double)?
        for step in 1..<30 {
            let angle = (Double(quarter) + Double(step) / 30) * Double.pi / 2
            guard !isUnderLegend(radius, angle) else { continue }
            var distance = Double.infinity
            for other in max(k - 1, 0)...min(k + 1, EngineState.channelCount - 1)
            where subject.colors[other].amplitude > 0 {
                // Beads run against the clock, y being downwards.
                let bead = -subject.state.channels[other].phase
                let away = Self.turned(bead, to: angle)
                distance = min(distance, abs(away) * radius - beadRadius(other))
                guard other == k, subject.quality >= 4, subject.look.trails > 0 else { continue }
                // An eighth of a second long, behind the bead: on the side from which it came.
                let extent =
                    (2 * Double.pi * subject.state.channels[k].frequency / 8).clamped(to: 0.35...2.4)
                    * subject.look.trails
                let behind = away >= 0 ? away : away + 2 * Double.pi
                if behind <= extent { distance = 0 }
                distance = min(distance, (behind - extent) * radius)
            }
            if distance > best?.distance ?? 4 { best = (angle, distance) }
        }
        return best?.angle
    }

    /// The signed turn from one direction to another, (−π, π].
    private static func turned(_ from: Double, to: Double) -> Double {
        let turns = (to - from) / (2 * Double.pi)
        return 2 * Double.pi * (turns - turns.rounded())
    }

    /// The legend of the channels is on the left, or at the bottom of an upright picture.
    private func isUnderLegend(_ radius: Double, _ angle: Double) -> Bool {
        guard subject.look.hasLabels else { return false }
        let x = stage.x + radius * cos(angle), y = stage.y + radius * sin(angle)
        // Letters have a smallest size, with which they are wider on small pictures.
        return subject.width >= subject.height
            ? x < 30 * subject.unit + max(110 * subject.unit, 60) : y > subject.height - 130 * subject.unit
    }

    private func fit(_ radius: Double, _ angle: Double, reach: Double) -> StrokeFit {
        let x = stage.x + radius * cos(angle), y = stage.y + radius * sin(angle)
        let along = max(reach * 0.5, 2)
        var fit = StrokeFit(softness: subject.softness)
        let box = (reach * reach + along * along).squareRoot()
        for row in subject.row(y - box)...subject.row(y + box) {
            for column in subject.column(x - box)...subject.column(x + box) {
                let u = Double(column) + 0.5 - stage.x, v = Double(row) + 0.5 - stage.y
                guard abs(v * cos(angle) - u * sin(angle)) <= along, u * cos(angle) + v * sin(angle) > 0 else {
                    continue
                }
                let distance = hypot(u, v) - radius
                if abs(distance) <= reach { fit.add(distance: distance, subject.light(column: column, row: row)) }
            }
        }
        return fit
    }
}
