/// One picture on its way through the filters of FLIP: filtered along its rows here, and along its columns by whoever asks
/// for eight pixels.
struct FilteredImage: Sendable {
    typealias Lanes = SIMDMath.Lanes

    /// The planes of what was filtered along rows.
    private enum Plane: Int, CaseIterable {
        case lightness, redGreen, blueYellowWide, blueYellowNarrow, bell, edge, point
    }

    private let source: Planes
    private let filtered: Planes
    private let kernels: FLIPKernels

    init(width: Int, height: Int, kernels: FLIPKernels) {
        source = Planes(count: 3, width: width, height: height, margin: kernels.radius)
        filtered = Planes(count: Plane.allCases.count, width: width, height: height, margin: 0)
        self.kernels = kernels
    }

    /// Converts and filters row `y` of `image`.
    func filterRow(_ y: Int, of image: borrowing RasterImage) {
        convertRow(y, of: image)
        for plane in 0..<3 { source.extend(plane, y) }
        filter(kernels.lightness, y, from: 0, to: .lightness)
        filter(kernels.redGreen, y, from: 1, to: .redGreen)
        filter(kernels.blueYellow.0, y, from: 2, to: .blueYellowWide)
        filter(kernels.blueYellow.1, y, from: 2, to: .blueYellowNarrow)
        filter(kernels.bell, y, from: 0, to: .bell)
        filter(kernels.edge, y, from: 0, to: .edge)
        filter(kernels.point, y, from: 0, to: .point)
    }

    private func convertRow(_ y: Int, of image: borrowing RasterImage) {
        let width = image.width
        let lightness = source.row(0, y), redGreen = source.row(1, y), blueYellow = source.row(2, y)
        image.bytes.withUnsafeBufferPointer { bytes in
            FLIPColor.linear.withUnsafeBufferPointer { linear in
                for x in stride(from: 0, to: width, by: 8) {
                    var rgb = FLIPColor.Triple(x: .zero, y: .zero, z: .zero)
                    for lane in 0..<min(8, width - x) {
                        let n = (y * width + x + lane) * 4
                        rgb.x[lane] = linear[Int(bytes[n])]
                        rgb.y[lane] = linear[Int(bytes[n + 1])]
                        rgb.z[lane] = linear[Int(bytes[n + 2])]
                    }
                    let opponent = FLIPColor.opponent(rgb)
                    SIMDMath.store(opponent.x, lightness + x)
                    SIMDMath.store(opponent.y, redGreen + x)
                    SIMDMath.store(opponent.z, blueYellow + x)
                }
            }
        }
    }

    private func filter(_ kernel: FilterRow, _ y: Int, from plane: Int, to target: Plane) {
        let input = source.row(plane, y), output = filtered.row(target.rawValue, y), radius = kernel.radius
        for x in stride(from: 0, to: source.width, by: 8) {
            let start = UnsafePointer(input + x - radius)
            var sum = Lanes.zero
            for tap in 0..<kernel.count { sum += kernel.weights[tap] * SIMDMath.load(start + tap) }
            SIMDMath.store(sum, output + x)
        }
    }

    /// The filters along columns around one row, looked up once a row rather than once a pixel.
    struct Columns {
        /// A filter with the beginnings of the rows that it reads.
        fileprivate struct Column {
            let starts: UnsafePointer<UnsafePointer<Float>>
            let weights: UnsafePointer<Float>
            let count: Int

            @inline(__always)
            func sum(_ x: Int) -> Lanes {
                var sum = Lanes.zero
                for tap in 0..<count { sum += weights[tap] * SIMDMath.load(starts[tap] + x) }
                return sum
            }
        }

        fileprivate let lightness, redGreen, blueYellowWide, blueYellowNarrow: Column
        fileprivate let edgeX, edgeY, pointX, pointY: Column

        /// What the eye sees of the pixels `x` … `x` + 7: L*a*b* with the Hunt effect.
        @inline(__always)
        func color(_ x: Int) -> FLIPColor.Triple {
            FLIPColor.hunt(
                FLIPColor.linearRGB(
                    FLIPColor.Triple(
                        x: lightness.sum(x), y: redGreen.sum(x), z: blueYellowWide.sum(x) + blueYellowNarrow.sum(x))))
        }

        /// How much of an edge and of a point there is at the pixels `x` … `x` + 7, of lightness in 0 … 1.
        @inline(__always)
        func features(_ x: Int) -> (edge: Lanes, point: Lanes) {
            let edgeX = edgeX.sum(x), edgeY = edgeY.sum(x), pointX = pointX.sum(x), pointY = pointY.sum(x)
            // The filters take any constant away, so that of (Y + 16) / 116 only the scale is left.
            return (
                (edgeX * edgeX + edgeY * edgeY).squareRoot() * (1 / 116),
                (pointX * pointX + pointY * pointY).squareRoot() * (1 / 116)
            )
        }
    }

    /// Calls `body` with the filters around row `y`.
    func withColumns(around y: Int, _ body: (Columns) -> Void) {
        let radius = kernels.radius, span = 2 * radius + 1
        withUnsafeTemporaryAllocation(
            of: UnsafePointer<Float>.self, capacity: Plane.allCases.count * span
        ) { starts in
            guard let base = starts.baseAddress else { return }
            for plane in 0..<Plane.allCases.count {
                for tap in 0..<span {
                    (base + plane * span + tap).initialize(
                        to: UnsafePointer(filtered.row(plane, y + tap - radius)))
                }
            }
            func column(_ kernel: FilterRow, _ plane: Plane) -> Columns.Column {
                Columns.Column(
                    starts: UnsafePointer(base + plane.rawValue * span + radius - kernel.radius),
                    weights: kernel.weights, count: kernel.count)
            }
            body(
                Columns(
                    lightness: column(kernels.lightness, .lightness), redGreen: column(kernels.redGreen, .redGreen),
                    blueYellowWide: column(kernels.blueYellow.0, .blueYellowWide),
                    blueYellowNarrow: column(kernels.blueYellow.1, .blueYellowNarrow),
                    edgeX: column(kernels.bell, .edge), edgeY: column(kernels.edge, .bell),
                    pointX: column(kernels.bell, .point), pointY: column(kernels.point, .bell)))
        }
    }
}
