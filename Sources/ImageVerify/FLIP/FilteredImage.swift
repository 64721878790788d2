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
        kernel.weights.withUnsafeBufferPointer { weights in
            for x in stride(from: 0, to: source.width, by: 8) {
                var sum = Lanes.zero
                for tap in weights.indices { sum += weights[tap] * SIMDMath.load(input + x + tap - radius) }
                SIMDMath.store(sum, output + x)
            }
        }
    }

    @inline(__always)
    private func column(_ kernel: FilterRow, _ plane: Plane, _ x: Int, _ y: Int) -> Lanes {
        kernel.weights.withUnsafeBufferPointer { weights in
            var sum = Lanes.zero
            let top = y - kernel.radius
            for tap in weights.indices {
                sum += weights[tap] * SIMDMath.load(filtered.row(plane.rawValue, top + tap) + x)
            }
            return sum
        }
    }

    /// What the eye sees of the pixels `x` … `x` + 7 of row `y`: L*a*b* with the Hunt effect.
    @inline(__always)
    func color(_ x: Int, _ y: Int) -> FLIPColor.Triple {
        FLIPColor.hunt(
            FLIPColor.linearRGB(
                FLIPColor.Triple(
                    x: column(kernels.lightness, .lightness, x, y), y: column(kernels.redGreen, .redGreen, x, y),
                    z: column(kernels.blueYellow.0, .blueYellowWide, x, y)
                        + column(kernels.blueYellow.1, .blueYellowNarrow, x, y))))
    }

    /// How much of an edge and of a point there is at the pixels `x` … `x` + 7 of row `y`, of lightness in 0 … 1.
    @inline(__always)
    func features(_ x: Int, _ y: Int) -> (edge: Lanes, point: Lanes) {
        let edgeX = column(kernels.bell, .edge, x, y), edgeY = column(kernels.edge, .bell, x, y)
        let pointX = column(kernels.bell, .point, x, y), pointY = column(kernels.point, .bell, x, y)
        // The filters take any constant away, so that of (Y + 16) / 116 only the scale is left.
        return (
            (edgeX * edgeX + edgeY * edgeY).squareRoot() * (1 / 116),
            (pointX * pointX + pointY * pointY).squareRoot() * (1 / 116)
        )
    }
}
