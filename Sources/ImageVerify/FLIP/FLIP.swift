import Dispatch

/// The perceptual difference of two pictures that are seen in turn at the same place, pixel by pixel: LDR-FLIP.
///
/// Source: Andersson, Nilsson, Akenine-Möller, Oskarsson, Åström, Fairchild, "FLIP: A Difference Evaluator for Alternating
/// Images", HPG 2020.
public struct FLIP: Sendable {
    /// The difference of each pixel, rows from the top: 0, none that can be seen, … 1.
    public let values: [Float]
    /// Pixels.
    public let width: Int
    /// Pixels.
    public let height: Int
    /// The mean of `values`.
    public let mean: Double
    /// What 99 % of the pixels stay at or below.
    public let p99: Double

    /// How large the pictures are seen: a display 0.7 m wide with 3,840 pixels, from a distance of 0.7 m.
    public static let standardPixelsPerDegree = 0.7 * 3_840 / 0.7 * (Double.pi / 180)

    /// Compares two pictures of the same size; nil where the sizes differ. Uses every core.
    public init?(
        _ reference: RasterImage, _ test: RasterImage, pixelsPerDegree: Double = FLIP.standardPixelsPerDegree
    ) {
        guard (reference.width, reference.height) == (test.width, test.height) else { return nil }
        width = reference.width
        height = reference.height
        values = Self.compare(reference, test, FLIPKernels(pixelsPerDegree: pixelsPerDegree))
        mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        p99 = Self.percentile(values, 0.99)
    }

    /// The shares of the pixels whose difference falls in each of `count` equal steps of 0 … 1.
    public func histogram(count: Int) -> [Double] {
        var shares = [Double](repeating: 0, count: count)
        for value in values { shares[min(Int(value * Float(count)), count - 1)] += 1 / Double(values.count) }
        return shares
    }

    private static let colorExponent: Float = 0.7

    private static func compare(
        _ reference: RasterImage, _ test: RasterImage, _ kernels: FLIPKernels
    ) -> [Float] {
        let width = reference.width, height = reference.height
        var values = [Float](repeating: 0, count: width * height)
        let rows = affectedRows(reference, test, radius: kernels.radius)
        guard !rows.isEmpty else { return values }
        let sources = affectedRows(reference, test, radius: 2 * kernels.radius)
        let first = FilteredImage(width: width, height: height, kernels: kernels)
        let second = FilteredImage(width: width, height: height, kernels: kernels)
        inParallel(sources) { y in
            first.filterRow(y, of: reference)
            second.filterRow(y, of: test)
        }
        let largest = FLIPColor.largestDistance(exponent: colorExponent)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            // Each row is written by one thread, and all are waited for.
            nonisolated(unsafe) let output = base
            inParallel(rows) { y in
                first.withColumns(around: y) { a in
                    second.withColumns(around: y) { b in
                        for x in stride(from: 0, to: width, by: 8) {
                            let difference = difference(
                                a.color(x), b.color(x), a.features(x), b.features(x),
                                largest: largest)
                            for lane in 0..<min(8, width - x) { output[y * width + x + lane] = difference[lane] }
                        }
                    }
                }
            }
        }
        return values
    }

    /// Rows that a difference reaches with filters of `radius`; the others are equal, and so is what is made of them.
    private static func affectedRows(_ a: RasterImage, _ b: RasterImage, radius: Int) -> [Int] {
        let stride = a.width * 4
        var isAffected = [Bool](repeating: false, count: a.height)
        for y in 0..<a.height where a.bytes[y * stride..<(y + 1) * stride] != b.bytes[y * stride..<(y + 1) * stride] {
            for near in max(y - radius, 0)...min(y + radius, a.height - 1) { isAffected[near] = true }
        }
        return isAffected.indices.filter { isAffected[$0] }
    }

    private static func inParallel(_ rows: [Int], _ body: @Sendable (Int) -> Void) {
        let band = 8
        DispatchQueue.concurrentPerform(iterations: (rows.count + band - 1) / band) { n in
            for y in rows[(n * band)..<min((n + 1) * band, rows.count)] { body(y) }
        }
    }

    /// The difference of eight pixels (HPG 2020, §4.1.3, §4.2.2 and §4.3).
    @inline(__always)
    private static func difference(
        _ first: FLIPColor.Triple, _ second: FLIPColor.Triple, _ a: (edge: SIMDMath.Lanes, point: SIMDMath.Lanes),
        _ b: (edge: SIMDMath.Lanes, point: SIMDMath.Lanes), largest: Float
    ) -> SIMDMath.Lanes {
        typealias Lanes = SIMDMath.Lanes
        let distance = SIMDMath.pow(
            FLIPColor.distance(first, second), Lanes(repeating: colorExponent))
        // Up to 0.4 of the largest distance takes 0.95 of the range.
        let knee = 0.4 * largest
        let color = (distance * (0.95 / knee)).replacing(
            with: 0.95 + (distance - knee) * (0.05 / (largest - knee)), where: distance .>= knee)
        func absolute(_ v: Lanes) -> Lanes { v.replacing(with: -v, where: v .< 0) }
        let edge = absolute(a.edge - b.edge), point = absolute(a.point - b.point)
        let feature = (edge.replacing(with: point, where: point .> edge) * Float(0.5).squareRoot()).squareRoot()
        return SIMDMath.pow(color, 1 - feature)
            .clamped(lowerBound: Lanes(repeating: 0), upperBound: Lanes(repeating: 1))
    }

    private static func percentile(_ values: [Float], _ share: Double) -> Double {
        let steps = 65_536
        var counts = [Int](repeating: 0, count: steps)
        for value in values { counts[min(Int(value * Float(steps)), steps - 1)] += 1 }
        let wanted = Int((share * Double(values.count)).rounded(.up))
        var sum = 0
        for (step, count) in counts.enumerated() {
            sum += count
            // The upper end of the step; none at all where nothing differs.
            if sum >= wanted { return step == 0 ? 0 : Double(step + 1) / Double(steps) }
        }
        return 1
    }
}
