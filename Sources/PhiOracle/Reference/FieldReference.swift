#if canImport(Glibc)
    import Glibc
#endif
import PhiModel

/// Where the points of the field are, how large and of what colour. Mirrors FieldLattice, FieldMotion and FieldScene.
struct FieldReference {
    struct Point {
        /// Pixels.
        let x: Double
        let y: Double
        let radius: Double
        let channel: Int
        let color: LinearColor
    }

    /// In the order of drawing.
    let points: [Point]
    /// Which points are in each square of the picture, and how wide these are, pixels.
    private let squares: [SIMD2<Int>: [Int]]
    private let side: Double
    /// The mean distance between neighbours, pixels.
    let pitch: Double

    /// Points at the highest quality, a Fibonacci number; (3 + quality) / 8 of them at others.
    static let fullCount = 4_181

    init(_ subject: Subject) {
        let state = subject.state, stage = StageReference(subject)
        let count = Self.fullCount * (3 + subject.quality) / 8
        let spread = stage.radius * (Double(Self.fullCount) / Double(count)).squareRoot() / 1.05
        let scale = 1 + 0.05 * (2 * subject.breathing - 1)
        let spacing = (Double.pi / Double(Self.fullCount)).squareRoot()
        let disorder = 1.1 * (1 - state.coherence) * (1 - state.coherence)
        // 137.5078° as a share of a turn.
        let golden = 2 - (1 + 5.0.squareRoot()) / 2
        let sizes = subject.colors.map { $0.amplitude > 0 ? 0.42 + 0.75 * $0.amplitude.squareRoot() : 0.2 }
        let points = (0..<count).map { n in
            let distance = (Double(n) / Double(Self.fullCount)).squareRoot()
            // The sway is tabulated in 64 steps from the middle to the rim.
            let step = (distance * 64 + 0.5).rounded(.down) / 64
            let sway = 0.55 * (0.35 + step) * sin(state.phi.phase - 1.2 * step)
            let angle = 2 * Double.pi * (Double(n) * golden).truncatingRemainder(dividingBy: 1) + sway
            // Without order a point strays by up to 1.1 distances: by two irrational steps, which fill a disc evenly.
            let toward = 2 * Double.pi * (Double(n) * 0.7548776662466927).truncatingRemainder(dividingBy: 1)
            let stray =
                (Double(n) * 0.5698402909980532).truncatingRemainder(dividingBy: 1).squareRoot() * disorder * spacing
            let k = n % 8
            // Two and a half waves of the channel between the middle and the rim, running outwards.
            let crest = 0.5 + 0.5 * cos(state.channels[k].phase - 2 * Double.pi * 2.5 * step)
            let swell = 1 + 0.22 * (BreathingReference.envelope(state.phi, at: step) - 1)
            let inner = 0.72 + 0.28 * min(distance * 2, 1), outer = 1 - 0.75 * max(distance - 0.8, 0) / 0.2
            let radius = min(
                0.5 * spacing * sizes[k] * (0.5 + 0.7 * crest) * swell * inner * outer, 0.55 * spacing)
            return Point(
                x: stage.x + (cos(angle) * distance + cos(toward) * stray) * scale * spread,
                y: stage.y + (sin(angle) * distance + sin(toward) * stray) * scale * spread,
                radius: max(radius * spread, 0.5 * subject.unit), channel: k,
                color: Self.ink(subject.colors[k].color, crest: crest))
        }
        pitch = spacing * spread
        side = max(3 * pitch, 1)
        var squares: [SIMD2<Int>: [Int]] = [:]
        for n in points.indices {
            squares[Self.square(points[n].x, points[n].y, side), default: []].append(n)
        }
        self.points = points
        self.squares = squares
    }

    private static func square(_ x: Double, _ y: Double, _ side: Double) -> SIMD2<Int> {
        SIMD2(Int((x / side).rounded(.down)), Int((y / side).rounded(.down)))
    }

    /// The points within `reach` pixels of a place on both axes, in the order of drawing.
    func near(_ x: Double, _ y: Double, _ reach: Double) -> [Int] {
        let first = Self.square(x - reach, y - reach, side), last = Self.square(x + reach, y + reach, side)
        var near: [Int] = []
        for row in first.y...last.y {
            for column in first.x...last.x {
                for n in squares[SIMD2(column, row)] ?? []
                where abs(points[n].x - x) <= reach && abs(points[n].y - y) <= reach { near.append(n) }
            }
        }
        return near.sorted()
    }

    /// 0.42 of the colour, brought up to 0.45, in a trough, and 0.907 of it on a crest, where every encoded component goes a
    /// third of its way to white: that keeps the hue.
    private static func ink(_ color: LinearColor, crest: Double) -> LinearColor {
        let scaled = color.lifted(to: 0.45).scaled(by: 0.42 + 0.487 * crest)
        func whitened(_ light: Double) -> Double {
            let v = Encoding.encoded(light)
            return Encoding.decoded(v + (1 - v) * 0.33 * crest)
        }
        return LinearColor(red: whitened(scaled.red), green: whitened(scaled.green), blue: whitened(scaled.blue))
    }
}
