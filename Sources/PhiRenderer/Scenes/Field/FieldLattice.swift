import Glibc
import PhiModel

/// The fixed part of the golden-angle field: the direction and the distance of every point, and a scatter of its own.
struct FieldLattice: Sendable {
    /// Points at full quality: a Fibonacci number, so that the rim closes evenly.
    static let count = 4_181

    /// One point of the field.
    struct Point: Sendable {
        /// cos and sin of n · 137.5078°.
        let direction: SIMD2<Double>
        /// √(n / count), [0, 1).
        let distance: Double
        /// In the unit disc; where the point is drawn to when there is no order.
        let scatter: SIMD2<Double>
    }

    let points: [Point]

    init() {
        points = (0..<Self.count).map { n in
            // Wrapped before the sine is taken, so that it is exact for thousands of turns.
            let angle = Angle.wrap(Double(n) * GoldenRatio.angle)
            let turn = Angle.turn * (Double(n) * 0.7548776662466927).truncatingRemainder(dividingBy: 1)
            let reach = (Double(n) * 0.5698402909980532).truncatingRemainder(dividingBy: 1).squareRoot()
            return Point(
                direction: SIMD2(cos(angle), sin(angle)), distance: (Double(n) / Double(Self.count)).squareRoot(),
                scatter: SIMD2(cos(turn), sin(turn)) * reach)
        }
    }

    /// How many of the points a quality level draws.
    static func count(_ quality: QualityLevel) -> Int { count * (3 + quality.level) / 8 }
}
