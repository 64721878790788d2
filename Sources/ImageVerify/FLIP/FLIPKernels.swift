import Foundation

/// One row of a separable filter: the weights of the taps −`radius` … `radius`. The memory belongs to
/// the `FLIPKernels` that made it, and is constant.
struct FilterRow {
    let weights: UnsafePointer<Float>
    let count: Int

    var radius: Int { count / 2 }

    /// - Parameter isTrimmed: Leaves out outer taps that weigh less than 1e-7 of the largest.
    fileprivate init(_ weights: [Double], isTrimmed: Bool = true) {
        var kept = weights[...]
        let largest = weights.map(abs).max() ?? 0
        while isTrimmed, kept.count > 3, let outer = kept.first, abs(outer) < 1e-7 * largest {
            kept = kept.dropFirst().dropLast()
        }
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: kept.count)
        for (n, weight) in kept.enumerated() { (memory + n).initialize(to: Float(weight)) }
        self.weights = UnsafePointer(memory)
        count = kept.count
    }
}

/// The filters of FLIP for one viewing distance (HPG 2020, §4.1.1 and §4.2.1): contrast sensitivity of the eye, one for each
/// component of YCxCz, and detectors of edges and points. All are products of rows.
///
/// `@unchecked Sendable`: everything is constant after the start.
final class FLIPKernels: @unchecked Sendable {
    /// Contrast sensitivity: lightness, red–green, and blue–yellow, which is the sum of two.
    let lightness: FilterRow
    let redGreen: FilterRow
    let blueYellow: (FilterRow, FilterRow)
    /// Detectors: the bell, its first and its second derivative.
    let bell: FilterRow
    let edge: FilterRow
    let point: FilterRow

    /// The farthest tap.
    let radius: Int

    deinit {
        for row in [lightness, redGreen, blueYellow.0, blueYellow.1, bell, edge, point] { row.weights.deallocate() }
    }

    /// - Parameter pixelsPerDegree: Of visual angle.
    init(pixelsPerDegree: Double) {
        let reach = Int((3 * (0.04 / (2 * .pi * .pi)).squareRoot() * pixelsPerDegree).rounded(.up))
        func row(_ b: Double) -> [Double] {
            (-reach...reach).map { tap in
                let degrees = Double(tap) / pixelsPerDegree
                return exp(-.pi * .pi * degrees * degrees / b)
            }
        }
        func normalised(_ b: Double) -> FilterRow {
            let weights = row(b), sum = weights.reduce(0, +)
            return FilterRow(weights.map { $0 / sum })
        }
        lightness = normalised(0.0047)
        redGreen = normalised(0.0053)
        // Each of the two is a square; their sum over the plane is 1.
        let terms = [(a: 34.1, b: 0.04), (a: 13.5, b: 0.025)].map { term in
            (gain: term.a * (.pi / term.b).squareRoot(), row: row(term.b))
        }
        let total = terms.reduce(0) { sum, term in
            let area = term.row.reduce(0, +)
            return sum + term.gain * area * area
        }
        let rows = terms.map { term in
            let share = (term.gain / total).squareRoot()
            return FilterRow(term.row.map { $0 * share }, isTrimmed: false)
        }
        blueYellow = (rows[0], rows[1])

        let deviation = 0.5 * 0.082 * pixelsPerDegree
        let taps = Int((3 * deviation).rounded(.up))
        let places = (-taps...taps).map(Double.init)
        let bells = places.map { exp(-$0 * $0 / (2 * deviation * deviation)) }
        /// Positive weights add up to 1, negative ones to −1.
        func balanced(_ weights: [Double]) -> FilterRow {
            let positive = weights.filter { $0 > 0 }.reduce(0, +), negative = -weights.filter { $0 < 0 }.reduce(0, +)
            return FilterRow(weights.map { $0 > 0 ? $0 / positive : $0 / negative }, isTrimmed: false)
        }
        let sum = bells.reduce(0, +)
        bell = FilterRow(bells.map { $0 / sum }, isTrimmed: false)
        edge = balanced(zip(places, bells).map { -$0 * $1 })
        point = balanced(zip(places, bells).map { ($0 * $0 / (deviation * deviation) - 1) * $1 })
        radius = max(reach, taps)
    }
}
