import Glibc
import PhiModel

/// The edge of what a golden spiral has opened: r = s · φ^(2θ/π), one turn of it, growing and turning.
struct SpiralEdge {
    /// Steps around the middle.
    static let steps = 144
    /// The share of its radius over which the edge is soft.
    private static let softness = 0.12
    /// A spiral grows by φ⁴ in a turn.
    private static let turn = GoldenRatio.power(4)

    /// Half the diagonal of the picture, pixels.
    private let reach: Double
    /// How far it is open: the radius where the spiral begins, pixels.
    private let start: Double
    /// The direction where it begins, radians.
    private let rotation: Double

    /// - Parameters:
    ///   - progress: 0 (closed) … 1 (the whole picture is open).
    init(width: Double, height: Double, progress: Double) {
        reach = hypot(width, height) / 2
        // From a spiral whose widest point is half a pixel to one whose narrowest is beyond the corners.
        let first = log(0.5 / Self.turn), last = log(reach * 1.02)
        start = exp(first.interpolated(to: last, progress))
        rotation = progress * Angle.turn * 1.25
    }

    /// The three points of step 0 … `steps`, relative to the middle, in pixels: the edge, the end of its softness, outside
    /// of the picture.
    func points(_ step: Int) -> (InlineArray<3, SIMD2<Double>>) {
        let share = Double(step) / Double(Self.steps)
        let direction = Angle2D(radians: share * Angle.turn + rotation)
        let edge = start * exp(share * log(Self.turn))
        let outside = reach * 1.05
        let radii: InlineArray<3, Double> = [
            min(edge, outside), min(edge * (1 + Self.softness), outside), outside,
        ]
        return InlineArray { SIMD2(direction.cosine * radii[$0], direction.sine * radii[$0]) }
    }
}
