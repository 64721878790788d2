import PhiModel

/// Where a shape of known form is in a picture: its colours are fitted for every place it might have, and the place where
/// they leave least unexplained is taken. No level has to be known, so that light around the shape does no harm.
struct PlacementFit {
    let subject: Subject
    /// Where the shape is expected, pixels.
    let x: Double
    let y: Double
    /// How far from its middle pixels are looked at.
    let reach: Double
    /// How many unknown colours the shape and its ground have.
    let unknowns: Int

    /// The result.
    struct Placement {
        /// From where it is expected, pixels.
        let dx: Double
        let dy: Double
        let colors: [LinearColor]
        /// The root of the mean square that is left unexplained, linear light.
        let error: Double
    }

    /// The weights of the unknown colours at (dx, dy) from the middle, and what is there besides them; false for a place that
    /// tells nothing.
    typealias Model = (_ dx: Double, _ dy: Double, _ weights: inout [Double], _ known: inout LinearColor) -> Bool

    /// Looks for the shape within about 3 pixels.
    func found(_ model: Model) -> Placement? {
        guard var best = placement(0, 0, model) else { return nil }
        // Step by step downhill, ever finer.
        var step = 1.0
        while step > 0.05 {
            var moves = 0
            var isMoving = true
            while isMoving, moves < 3 {
                isMoving = false
                for (sx, sy) in [(1.0, 0.0), (-1, 0), (0, 1), (0, -1)] {
                    guard let next = placement(best.dx + sx * step, best.dy + sy * step, model),
                        next.error < best.error
                    else { continue }
                    best = next
                    isMoving = true
                }
                moves += 1
            }
            step /= 2
        }
        return best
    }

    private func placement(_ dx: Double, _ dy: Double, _ model: Model) -> Placement? {
        var squares = ColorLeastSquares(count: unknowns)
        var weights = [Double](repeating: 0, count: unknowns)
        let middleX = x + dx, middleY = y + dy
        // Some 40 × 40 pixels tell all there is to tell.
        let stride = max(Int(reach / 20), 1)
        for row in Swift.stride(from: subject.row(middleY - reach), through: subject.row(middleY + reach), by: stride) {
            let v = Double(row) + 0.5 - middleY
            for column in Swift.stride(
                from: subject.column(middleX - reach), through: subject.column(middleX + reach), by: stride)
            {
                var known = LinearColor(red: 0, green: 0, blue: 0)
                guard model(Double(column) + 0.5 - middleX, v, &weights, &known) else { continue }
                let seen = subject.light(column: column, row: row)
                squares.add(
                    weights,
                    LinearColor(
                        red: seen.red - known.red, green: seen.green - known.green, blue: seen.blue - known.blue))
            }
        }
        guard let (colors, error) = squares.solved() else { return nil }
        return Placement(dx: dx, dy: dy, colors: colors, error: error.squareRoot())
    }
}

extension PlacementFit.Placement {
    /// The probes of a position; not a number where the shape was not seen.
    static func probes(
        _ name: String, expected: (x: Double, y: Double), _ found: PlacementFit.Placement?, isSeen: Bool,
        tolerance: Double
    ) -> [Probe] {
        let dx = isSeen ? found?.dx ?? .nan : .nan, dy = isSeen ? found?.dy ?? .nan : .nan
        return [
            Probe(
                name: "x of \(name)", expected: expected.x, measured: expected.x + dx, tolerance: tolerance,
                unit: "px"),
            Probe(
                name: "y of \(name)", expected: expected.y, measured: expected.y + dy, tolerance: tolerance,
                unit: "px"),
        ]
    }
}
