import PhiModel

/// The matrix scene: what its cells say, where they are, and the channels on the diagonal.
struct MatrixOracle {
    private let subject: Subject
    private let layout: MatrixReference

    init(_ subject: Subject) {
        self.subject = subject
        layout = MatrixReference(subject)
    }

    func probes() -> [Probe] {
        guard layout.side >= 6 else { return [] }
        var probes: [Probe] = []
        var read = [Double](repeating: .nan, count: 64)
        for row in 0..<8 {
            for column in 0..<8 where row != column {
                let coupling = readCoupling(row, column)
                read[row * 8 + column] = coupling
                probes.append(
                    Probe(
                        name: "coupling in row \(ChannelReference.name(row)), column \(ChannelReference.name(column))",
                        expected: subject.state.coupling[row, column], measured: coupling, tolerance: 0.05))
            }
        }
        for row in 0..<8 {
            for column in (row + 1)..<8 {
                probes.append(
                    Probe(
                        name: "symmetry of \(ChannelReference.name(row)) and \(ChannelReference.name(column))",
                        expected: 0, measured: read[row * 8 + column] - read[column * 8 + row], tolerance: 0.03))
            }
        }
        for row in 0..<8 {
            for column in 0..<8 where row != column { probes += edges(row, column) }
        }
        return probes + (0..<8).flatMap(channel)
    }

    /// The coupling whose colour comes nearest to that of a cell, read above its number.
    private func readCoupling(_ row: Int, _ column: Int) -> Double {
        let x = layout.x(column), y = layout.y(row), side = layout.side
        let inset = max(0.08 * side, subject.inset)
        let bottom = y + max(0.24 * side, inset + 1.01)
        guard
            let seen = subject.meanLight(
                left: x + inset, top: y + inset, right: x + side - inset, bottom: bottom)
        else { return .nan }
        let color = EncodedColor(seen)
        let shade = layout.shade((y + inset + bottom) / 2 - y)
        func distance(_ coupling: Double) -> Double {
            let other = EncodedColor(MatrixReference.color(coupling).scaled(by: shade))
            let r = color.red - other.red, g = color.green - other.green, b = color.blue - other.blue
            return r * r + g * g + b * b
        }
        var best = 0.0, least = Double.infinity
        for step in -200...200 {
            let coupling = Double(step) / 200, d = distance(coupling)
            if d < least { (best, least) = (coupling, d) }
        }
        // A colour that no coupling has says nothing: more than some 12 levels away from all of them.
        return least <= 0.0025 ? best : .nan
    }

    /// The left and the right edge of a cell: of those that stand out, from the middle to where its colour ends.
    private func edges(_ row: Int, _ column: Int) -> [Probe] {
        let coupling = subject.state.coupling[row, column]
        // The light between the cells comes near the colour of dark ones.
        guard abs(coupling) >= 0.2, subject.quality == 5 else { return [] }
        let x = layout.x(column), y = layout.y(row), side = layout.side
        let offset = max((0.14 * side).rounded(.down), 1) + 0.5
        let wanted = EncodedColor(MatrixReference.color(coupling).scaled(by: layout.shade(offset)))
        let name = "of cell \(ChannelReference.name(row)), \(ChannelReference.name(column))"
        let half = Int(side / 2)
        return [("left edge", -1.0, x), ("right edge", 1.0, x + side)].map { side, direction, expected in
            let start = direction < 0 ? x + Double(half) - 0.5 : x + Double(half) + 0.5
            var length = 0
            // As far as three pixels beyond where it is to end.
            while length <= half + 4,
                EncodedColor(subject.light(start + direction * Double(length), y + offset)).difference(wanted) <= 5
            { length += 1 }
            let edge = start + direction * (Double(length) - 0.5)
            return Probe(
                name: "\(side) \(name)", expected: expected, measured: length > half + 4 ? .nan : edge, tolerance: 0.5,
                unit: "px")
        }
    }

    /// Hue and place of a channel's disc on the diagonal: 0.10 + 0.28 · amplitude of a cell's side.
    private func channel(_ k: Int) -> [Probe] {
        let channel = subject.colors[k], side = layout.side, name = "disc \(ChannelReference.name(k))"
        guard channel.amplitude > 0 else { return [] }
        let x = layout.x(k) + side / 2, y = layout.y(k) + side / 2
        let radius = side * (0.10 + 0.28 * channel.amplitude), softness = subject.softness
        var probes: [Probe] = []
        let inner = (radius - subject.inset) / 2.0.squareRoot()
        if inner >= 0.5,
            let seen = subject.meanLight(left: x - inner, top: y - inner, right: x + inner, bottom: y + inner),
            let hue = HueReading.probe(name, expected: channel.color, measured: seen)
        {
            probes.append(hue)
        }
        // Around the disc, up to where the hand runs, there is nothing but light.
        let reach = 0.40 * side - max(2.6 * subject.unit, 1.2) - 0.5 * softness
        guard reach - radius >= 1.2 * softness else { return probes }
        let core = max(radius - 8 * softness, 0)
        let fit = PlacementFit(subject: subject, x: x, y: y, reach: reach, unknowns: 5)
        let found = fit.found { dx, dy, weights, _ in
            let square = dx * dx + dy * dy, distance = square.squareRoot()
            guard distance <= reach, distance >= core else { return false }
            let inside = Coverage.of(distance: distance - radius, softness: softness), outside = 1 - inside
            weights[0] = inside
            weights[1] = outside
            weights[2] = outside * dx / reach
            weights[3] = outside * dy / reach
            weights[4] = outside * square / (reach * reach)
            return true
        }
        guard let found else { return probes }
        // The ground at the edge of the disc.
        let share = radius * radius / (reach * reach), g = found.colors[1], c = found.colors[4]
        let ground = LinearColor(
            red: g.red + share * c.red, green: g.green + share * c.green, blue: g.blue + share * c.blue)
        let due = EncodedColor(channel.color).difference(EncodedColor(ground))
        guard due >= 2 * StrokeFit.leastContrast else { return probes }
        let contrast = EncodedColor(found.colors[0]).difference(EncodedColor(ground))
        return probes
            + PlacementFit.Placement.probes(
                name, expected: (x, y), found, isSeen: contrast >= 0.4 * due, tolerance: 0.4 + subject.blur)
    }
}
