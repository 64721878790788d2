import PhiModel

/// Where a stroke is across its direction, how wide, and of what colour: fitted over a ground that is as smooth as light is, so
/// that neither the level of the ground nor that of the stroke has to be known.
struct StrokeFit {
    private var distances: [Double] = []
    private var colors: [LinearColor] = []
    private var reach = 0.0
    let softness: Double

    init(softness: Double) { self.softness = softness }

    /// Adds a pixel at a signed distance from where the middle of the stroke is expected, pixels.
    mutating func add(distance: Double, _ color: LinearColor) {
        distances.append(distance)
        reach = max(reach, abs(distance))
        colors.append(color)
    }

    /// The result.
    struct Stroke {
        /// From where it is expected, pixels; the sign is that of the distances.
        let offset: Double
        /// Pixels.
        let width: Double
        let color: LinearColor
        /// What would be there without it.
        let ground: LinearColor
        /// The root of the mean square that is left unexplained, linear light.
        let error: Double

        /// How far the stroke stands out from its ground, levels of 8 bits.
        var contrast: Double { EncodedColor(color).difference(EncodedColor(ground)) }
    }

    /// A stroke of this width with this middle.
    func stroke(offset: Double, width: Double) -> Stroke? {
        var squares = ColorLeastSquares(count: 4)
        var weights = [0.0, 0, 0, 0]
        for n in distances.indices {
            let d = distances[n] - offset
            let inside = Coverage.of(distance: abs(d) - width / 2, softness: softness)
            let outside = 1 - inside
            weights[0] = inside
            weights[1] = outside
            weights[2] = outside * d
            weights[3] = outside * d * d
            squares.add(weights, colors[n])
        }
        guard let (solution, error) = squares.solved() else { return nil }
        return Stroke(
            offset: offset, width: width, color: solution[0], ground: solution[1], error: error.squareRoot())
    }

    /// The place that leaves least unexplained, within about 3 pixels.
    func found(width: Double) -> Stroke? {
        refined(stroke(offset: 0, width: width), step: 1, until: 0.03) { best, move in
            stroke(offset: best.offset + move, width: width)
        }
    }

    /// The width that leaves least unexplained, at the middle of a stroke that was found.
    func widened(_ found: Stroke) -> Stroke? {
        refined(found, step: max(0.25 * found.width, 0.25), until: 0.02) { best, move in
            best.width + move > 0.2 ? stroke(offset: best.offset, width: best.width + move) : nil
        }
    }

    private func refined(
        _ first: Stroke?, step: Double, until least: Double, _ moved: (Stroke, Double) -> Stroke?
    ) -> Stroke? {
        guard var best = first else { return nil }
        var step = step
        while step > least {
            for direction in [1.0, -1] {
                var moves = 0
                while moves < 3, let next = moved(best, direction * step), next.error < best.error {
                    best = next
                    moves += 1
                }
            }
            step /= 2
        }
        return best
    }
}

extension StrokeFit {
    /// The least contrast that tells where a stroke is, levels.
    static let leastContrast = 10.0

    /// Where a stroke of this width and ink is, as an offset from the expected place: nil where an ink like this would not
    /// stand out from the light around it, and no stroke where it would but does not.
    ///
    /// Strong light can come so near the ink that nothing tells the two apart. That is judged by what is to be drawn, never
    /// by what is seen, so that a wrong picture cannot excuse itself.
    func visible(width: Double, ink: LinearColor, alpha: Double, on light: GroundLight) -> Visible? {
        // The thinner the stroke, the more of it is shared with what is beside it.
        let least = Self.leastContrast * max(2 * softness / width, 1)
        let due = light.contrast(ink: ink, alpha: alpha)
        guard due >= max(least, Self.bendFactor * light.bend(reach)) else { return nil }
        guard let found = found(width: width), found.contrast >= 0.4 * due else {
            return Visible(stroke: nil, due: due)
        }
        return Visible(stroke: found, due: due)
    }

    /// How many times as far as its ground bends a stroke has to stand out from it.
    private static let bendFactor = 0.5

    /// A stroke that would be seen if it were there.
    struct Visible {
        /// Nil where it is not seen.
        let stroke: Stroke?
        /// How far it is to stand out from its ground, levels of 8 bits.
        let due: Double
        /// From where it is expected, pixels; not a number where it is not seen.
        var offset: Double { stroke?.offset ?? .nan }
    }
}
