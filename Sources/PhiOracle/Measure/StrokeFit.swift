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
        /// How far the ground bends away from its level in the middle, at the pixels that are farthest from it; levels of
        /// 8 bits. Light of a neighbour, or the stroke's own, does that.
        let bend: Double
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
        let ground = solution[1], curve = solution[3], square = reach * reach
        let far = LinearColor(
            red: ground.red + curve.red * square, green: ground.green + curve.green * square,
            blue: ground.blue + curve.blue * square)
        return Stroke(
            offset: offset, width: width, color: solution[0], ground: ground,
            bend: EncodedColor(far).difference(EncodedColor(ground)), error: error.squareRoot())
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

    /// What a stroke of this ink would be to the eye on the ground that was found, levels.
    static func dueContrast(_ stroke: Stroke, ink: LinearColor, alpha: Double) -> Double {
        let due = stroke.ground.mixed(with: ink, alpha)
        return EncodedColor(due).difference(EncodedColor(stroke.ground))
    }

    /// Where a stroke of this width and ink is, as an offset from the expected place: nil where an ink like this would not
    /// stand out from the light around it, and no stroke where it would but does not.
    ///
    /// Strong light can come so near the ink that nothing tells the two apart; that is judged from the ground, and at the
    /// expected place as well as where the fit came to rest, so that a picture without the stroke is none of these.
    func visible(width: Double, ink: LinearColor, alpha: Double) -> Visible? {
        guard let expected = stroke(offset: 0, width: width), let found = found(width: width) else {
            return Visible(stroke: nil, due: 255)
        }
        let least = Self.leastContrast * max(3 * softness / width, 1)
        guard Self.dueContrast(expected, ink: ink, alpha: alpha) >= least else { return nil }
        let due = Self.dueContrast(found, ink: ink, alpha: alpha)
        let isClear = [expected, found].allSatisfy {
            Self.dueContrast($0, ink: ink, alpha: alpha) >= max(0.6 * $0.bend, least)
        }
        guard isClear, isSharp(found) else {
            // Nothing tells where it is; but if it were where it is expected, little would be left unexplained.
            let g = expected.ground, c = g.mixed(with: ink, alpha)
            let step = max(abs(c.red - g.red), abs(c.green - g.green), abs(c.blue - g.blue))
            return expected.error <= 0.25 * step ? nil : Visible(stroke: nil, due: due)
        }
        guard found.contrast >= 0.4 * due else { return due >= 2 * found.bend ? Visible(stroke: nil, due: due) : nil }
        return Visible(stroke: found, due: due)
    }

    /// Whether a pixel beside the place fits clearly worse.
    private func isSharp(_ found: Stroke) -> Bool {
        [-1.0, 1].allSatisfy { side in
            stroke(offset: found.offset + side * softness, width: found.width).map { $0.error >= 1.5 * found.error }
                ?? false
        }
    }

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
