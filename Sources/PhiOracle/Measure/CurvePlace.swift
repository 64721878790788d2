#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// A place on a curve y(x), where it bends so little that it can be measured across its direction.
struct CurvePlace {
    /// Pixels.
    let x: Double
    let y: Double
    /// dy / dx.
    let slope: Double
    private let curve: (Double) -> Double

    /// Nil where the curve leaves its tangent by more than a pixel within `reach` pixels, or is steeper than `steepest`.
    init?(x: Double, reach: Double, steepest: Double, _ curve: @escaping (Double) -> Double) {
        let y = curve(x), a = curve(x - reach), b = curve(x + reach)
        let slope = (b - a) / (2 * reach)
        guard abs(slope) <= steepest else { return nil }
        for share in [-1.0, -0.5, 0, 0.5, 1] {
            let d = share * reach
            guard abs(curve(x + d) - y - slope * d) < 1 else { return nil }
        }
        self.x = x
        self.y = y
        self.slope = slope
        self.curve = curve
    }

    /// The pixels around the place.
    /// - Parameters:
    ///   - along: How far to both sides in the direction of the curve, pixels.
    ///   - across: How far above and below.
    func fit(_ subject: Subject, along: Double, across: Double) -> StrokeFit {
        let length = hypot(1, slope), dx = 1 / length, dy = slope / length
        let box = along + across
        var fit = StrokeFit(softness: subject.softness)
        for row in subject.row(y - box)...subject.row(y + box) {
            for column in subject.column(x - box)...subject.column(x + box) {
                let u = Double(column) + 0.5 - x, v = Double(row) + 0.5 - y
                guard abs(u * dx + v * dy) <= along else { continue }
                // From the curve itself, whose direction is another on each side.
                let place = x + u, here = (curve(place + 0.5) - curve(place - 0.5))
                let distance = (y + v - curve(place)) / hypot(1, here)
                if abs(distance) <= across { fit.add(distance: distance, subject.light(column: column, row: row)) }
            }
        }
        return fit
    }
}
