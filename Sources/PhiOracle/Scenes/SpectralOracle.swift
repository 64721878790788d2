import PhiModel

/// The cells of the spectral scene: hue, lightness, place.
struct SpectralOracle {
    private let subject: Subject
    private let grid: SpectralGridReference

    init(_ subject: Subject) {
        self.subject = subject
        grid = SpectralGridReference(subject)
    }

    func probes() -> [Probe] { (0..<EngineState.channelCount).flatMap { color($0) + place($0) } }

    /// A cell is shaded from its colour at the top to 0.55 of it at the bottom, in linear light.
    private func shade(_ k: Int, atRow y: Double, _ cell: SpectralGridReference.Cell) -> LinearColor {
        guard subject.quality >= 1 else { return subject.colors[k].color }
        let t = (y - cell.top) / (cell.bottom - cell.top)
        return subject.colors[k].color.scaled(by: 1 - 0.45 * t)
    }

    /// Hue and value just under the upper edge, in the middle: clear of text, of the dial and of the round corners.
    private func color(_ k: Int) -> [Probe] {
        let cell = grid.cell(k), name = ChannelReference.name(k)
        let height = cell.bottom - cell.top, third = (cell.right - cell.left) / 3
        let top = cell.top + 1 + subject.blur, bottom = top + max(0.03 * height, 1)
        let seen = subject.meanLight(left: cell.left + third, top: top, right: cell.right - third, bottom: bottom)
        let expected = shade(k, atRow: (top + bottom) / 2, cell)
        var probes: [Probe] = []
        if let hue = HueReading.probe(name, expected: expected, measured: seen) { probes.append(hue) }
        // Three levels: one of rounding, and what shading makes of the rows. In the dark one is 0.3 % of the light.
        let value = seen.map { EncodedColor($0).value } ?? .nan
        probes.append(
            Probe(
                name: "lightness of \(name), which breathes", expected: EncodedColor(expected).value, measured: value,
                tolerance: 3.0 / 255))
        return probes
    }

    /// Left and upper edge, against the ground, which is one colour in this scene.
    private func place(_ k: Int) -> [Probe] {
        let cell = grid.cell(k), name = ChannelReference.name(k), ground = subject.look.corner
        // Half way into the gap to the neighbour, and into the cell as far as nothing is drawn on it.
        let out = max((grid.gap / 2).rounded(.up), 2), into = max((0.05 * (cell.bottom - cell.top)).rounded(), 3)
        let middleX = (cell.left + cell.right) / 2, upperY = cell.top + 0.25 * (cell.bottom - cell.top)
        var probes: [Probe] = []
        let sides: [(String, Double, (Double) -> (Double, Double), Double)] = [
            ("left edge", cell.left, { (cell.left - $0, upperY) }, upperY),
            ("upper edge", cell.top, { (middleX, cell.top - $0) }, cell.top + into / 2),
        ]
        for (side, expected, way, row) in sides {
            let inside = shade(k, atRow: row, cell)
            guard EncodedColor(inside).difference(EncodedColor(ground)) >= 16 else { continue }
            let pixels = stride(from: -into + 0.5, to: out, by: 1).map { step in
                let (x, y) = way(step)
                return subject.light(x, y)
            }
            let crossing = EdgeSearch.crossing(pixels, inside: inside, outside: ground)
            probes.append(
                Probe(
                    name: "\(side) of \(name)", expected: expected,
                    measured: crossing.map { expected - ($0 - into) } ?? .nan, tolerance: 0.3 + subject.blur,
                    unit: "px"))
        }
        return probes
    }
}

/// Where the cells are. Mirrors SpectralGrid: four columns and two rows, or two and four where the picture is upright; margins
/// of 0.035 and gaps of 0.018 of the shorter side; edges on whole pixels.
struct SpectralGridReference {
    struct Cell {
        let left: Double
        let top: Double
        let right: Double
        let bottom: Double
    }

    /// Between two cells, pixels.
    let gap: Double
    private let columns: Int
    private let margin: Double
    private let cellWidth: Double
    private let cellHeight: Double

    init(_ subject: Subject) {
        let short = min(subject.width, subject.height)
        columns = subject.width >= subject.height ? 4 : 2
        margin = 0.035 * short
        gap = 0.018 * short
        let across = Double(columns), down = 8 / across
        cellWidth = (subject.width - 2 * margin - (across - 1) * gap) / across
        cellHeight = (subject.height - 2 * margin - (down - 1) * gap) / down
    }

    func cell(_ k: Int) -> Cell {
        let x = margin + Double(k % columns) * (cellWidth + gap)
        let y = margin + Double(k / columns) * (cellHeight + gap)
        return Cell(
            left: x.rounded(), top: y.rounded(), right: (x + cellWidth).rounded(), bottom: (y + cellHeight).rounded())
    }
}
