/// What one picture draws, written straight into memory that the device reads: shapes in order over the light behind them,
/// then all text on top; over these an overlay of shapes and text; over everything, blending with another picture as well, a
/// mark. Nothing is allocated after the start; what does not fit is left out.
final class DrawList {
    static let shapeCapacity = 4_096
    static let glyphCapacity = 2_048
    static let pointCapacity = 16_384
    static let ribbonCapacity = 256
    static let dotCapacity = 12_288

    // One buffer: shapes, glyphs, dots, the points of ribbons, the styles of ribbons. Shaders count each kind in its own size from the start.
    private static let dotOffset = (shapeCapacity + glyphCapacity) * MemoryLayout<ShapeInstance>.stride
    private static let pointOffset = dotOffset + dotCapacity * MemoryLayout<DotInstance>.stride
    private static let firstDot = dotOffset / MemoryLayout<DotInstance>.stride
    private static let firstPoint = pointOffset / MemoryLayout<SIMD4<Float>>.stride
    /// A style is two vectors: the colour; half the width, and the share of the colour that is left at the first point.
    private static let firstStyle = firstPoint + pointCapacity
    /// The memory of a picture, bytes.
    static let size = pointOffset + (pointCapacity + 2 * ribbonCapacity) * MemoryLayout<SIMD4<Float>>.stride

    /// The memory of the picture that is being drawn; nil before the first.
    private var instances: UnsafeMutablePointer<ShapeInstance>?
    private var dots: UnsafeMutablePointer<DotInstance>?
    private var points: UnsafeMutablePointer<SIMD4<Float>>?
    private(set) var shapes = BatchList()
    private(set) var light = BatchList()
    private(set) var overlay = BatchList()
    private(set) var mark = BatchList()
    private var isOverlay = false
    private var isMark = false
    /// Whether the ground is one colour, without any light on it.
    var isFlat = false
    private var shapeCount = 0
    /// Glyphs under the overlay, and those of the overlay.
    private(set) var glyphCount = 0
    private(set) var overlayGlyphCount = 0
    private var pointCount = 0
    private var ribbonCount = 0
    private var dotCount = 0

    deinit {
        shapes.deallocate()
        light.deallocate()
        overlay.deallocate()
        mark.deallocate()
    }

    /// Begins a picture.
    /// - Parameter memory: `size` bytes.
    func begin(_ memory: UnsafeMutableRawPointer) {
        instances = memory.assumingMemoryBound(to: ShapeInstance.self)
        dots = (memory + Self.dotOffset).assumingMemoryBound(to: DotInstance.self)
        points = (memory + Self.pointOffset).assumingMemoryBound(to: SIMD4<Float>.self)
        isFlat = false
        shapes.removeAll()
        light.removeAll()
        overlay.removeAll()
        mark.removeAll()
        isOverlay = false
        overlayGlyphCount = 0
        shapeCount = 0
        glyphCount = 0
        pointCount = 0
        ribbonCount = 0
        dotCount = 0
    }

    /// What follows is drawn over everything that came before.
    func beginOverlay() { isOverlay = true }

    /// What `body` draws is a mark.
    func withMarkLayer(_ body: () -> Void) {
        isMark = true
        body()
        isMark = false
    }

    /// Adds a run to the light, the mark, the overlay or the shapes.
    private func append(_ batch: BatchList.Batch) -> Bool {
        if batch.brush.target == .light { return light.append(batch) }
        if isMark { return mark.append(batch) }
        return isOverlay ? overlay.append(batch) : shapes.append(batch)
    }

    func append(_ brush: Brush, _ instance: ShapeInstance) {
        guard let instances, shapeCount < Self.shapeCapacity,
            append(BatchList.Batch(brush: brush, first: shapeCount, count: 1))
        else { return }
        instances[shapeCount] = instance
        shapeCount += 1
    }

    func appendGlyph(_ instance: ShapeInstance) {
        guard let instances, glyphCount + overlayGlyphCount < Self.glyphCapacity else { return }
        instances[Self.shapeCapacity + glyphCount + overlayGlyphCount] = instance
        if isOverlay { overlayGlyphCount += 1 } else { glyphCount += 1 }
    }

    /// Draws one dot.
    func appendDot(_ brush: Brush, _ dot: DotInstance) {
        guard let dots, dotCount < Self.dotCapacity,
            append(BatchList.Batch(brush: brush, first: Self.firstDot + dotCount, count: 1))
        else { return }
        dots[dotCount] = dot
        dotCount += 1
    }

    /// Draws `count` dots that `fill` writes.
    func appendDots(_ brush: Brush, count: Int, _ fill: (UnsafeMutableBufferPointer<DotInstance>) -> Void) {
        guard let dots, count > 0, dotCount + count <= Self.dotCapacity,
            append(BatchList.Batch(brush: brush, first: Self.firstDot + dotCount, count: count))
        else { return }
        fill(UnsafeMutableBufferPointer(start: dots + dotCount, count: count))
        dotCount += count
    }

    /// Draws a strip along a curve.
    /// - Parameters:
    ///   - count: How many points there are.
    ///   - tolerance: Points are left out where the curve moves by less than this, pixels.
    ///   - color: Premultiplied.
    ///   - fade: The share of the colour that is left at the first point.
    func appendRibbon(
        count: Int, tolerance: Float, color: SIMD4<Float>, halfWidth: Float, fade: Float,
        _ point: (Int) -> SIMD2<Float>
    ) {
        // One more at each end, where strips that are drawn together are told apart.
        guard let points, count >= 2, pointCount + count + 2 <= Self.pointCapacity, ribbonCount < Self.ribbonCapacity
        else { return }
        let style = 2 * ribbonCount
        let own = UnsafeMutableBufferPointer(start: points + pointCount + 1, count: count)
        for n in 0..<count {
            let place = point(n)
            own[n] = SIMD4(place.x, place.y, Float(n) / Float(count - 1), Float(Self.firstStyle + style))
        }
        let kept = CurveSimplification.simplify(own, tolerance: tolerance)
        guard
            append(BatchList.Batch(brush: .ribbon, first: Self.firstPoint + pointCount, count: kept + 2))
        else { return }
        points[pointCount] = own[0]
        points[pointCount].z = -1
        points[pointCount + kept + 1] = own[kept - 1]
        points[pointCount + kept + 1].z = 2
        points[Self.pointCapacity + style] = color
        points[Self.pointCapacity + style + 1] = SIMD4(halfWidth, fade, 0, 0)
        pointCount += kept + 2
        ribbonCount += 1
    }
}
