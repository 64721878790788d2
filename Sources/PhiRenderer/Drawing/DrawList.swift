/// What one frame draws, written straight into memory that the device reads: shapes and curves in order, then all text on
/// top. Nothing is allocated after the start; what does not fit is left out.
final class DrawList {
    /// A run of instances of one brush, or one ribbon.
    struct Batch: BitwiseCopyable {
        var brush: Brush
        var first: Int
        var count: Int
        var ribbon: RibbonConstants
    }

    static let shapeCapacity = 8_192
    static let glyphCapacity = 2_048
    static let pointCapacity = 8_192
    private static let batchCapacity = 512

    /// The memory of the frame that is being drawn; nil before the first.
    private var instances: UnsafeMutablePointer<ShapeInstance>?
    private var points: UnsafeMutablePointer<SIMD2<Float>>?
    private let batches: UnsafeMutablePointer<Batch>
    private(set) var batchCount = 0
    private var shapeCount = 0
    private(set) var glyphCount = 0
    private var pointCount = 0

    init() { batches = .allocate(capacity: Self.batchCapacity) }

    deinit { batches.deallocate() }

    /// Begins a frame in `instances` (shapes, then glyphs) and `points`.
    func begin(instances: UnsafeMutablePointer<ShapeInstance>, points: UnsafeMutablePointer<SIMD2<Float>>) {
        self.instances = instances
        self.points = points
        batchCount = 0
        shapeCount = 0
        glyphCount = 0
        pointCount = 0
    }

    func batch(_ index: Int) -> Batch { batches[index] }

    func append(_ brush: Brush, _ instance: ShapeInstance) {
        guard let instances, shapeCount < Self.shapeCapacity else { return }
        if batchCount > 0, batches[batchCount - 1].brush == brush {
            batches[batchCount - 1].count += 1
        } else {
            guard appendBatch(brush, first: shapeCount, count: 1) else { return }
        }
        instances[shapeCount] = instance
        shapeCount += 1
    }

    func appendGlyph(_ instance: ShapeInstance) {
        guard let instances, glyphCount < Self.glyphCapacity else { return }
        instances[Self.shapeCapacity + glyphCount] = instance
        glyphCount += 1
    }

    /// Draws a curve of `count` points, each given by `point`.
    func appendRibbon(
        count: Int, color: SIMD4<Float>, halfWidth: Float, glowRadius: Float, _ point: (Int) -> SIMD2<Float>
    ) {
        guard let points, count >= 2, pointCount + count <= Self.pointCapacity else { return }
        let ribbon = RibbonConstants(
            color: color, first: UInt32(pointCount), count: UInt32(count), halfWidth: halfWidth,
            glowRadius: glowRadius)
        guard appendBatch(.ribbon, first: pointCount, count: count, ribbon: ribbon) else { return }
        for n in 0..<count { points[pointCount + n] = point(n) }
        pointCount += count
    }

    private func appendBatch(
        _ brush: Brush, first: Int, count: Int,
        ribbon: RibbonConstants = RibbonConstants(color: .zero, first: 0, count: 0, halfWidth: 0, glowRadius: 0)
    ) -> Bool {
        guard batchCount < Self.batchCapacity else { return false }
        batches[batchCount] = Batch(brush: brush, first: first, count: count, ribbon: ribbon)
        batchCount += 1
        return true
    }
}
