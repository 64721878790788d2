import PhiModel
import VulkanKit

/// The push constants of blend.glsl.
struct BlendConstants: BitwiseCopyable {
    var share: Float
    var softness: Float
    var cell: UInt32
    var band: UInt32
}

/// Lays the picture that gives way over the one that comes.
final class BlendSlot {
    private static let pointCount = 3 * (SpiralEdge.steps + 1)
    private static let uniformRange = BufferRange(offset: 0, size: 256)
    private static let storageRange = BufferRange(
        offset: 256, size: pointCount * MemoryLayout<SIMD4<Float>>.stride)
    /// The share of all cells that are on the move at a time.
    private static let dissolveSoftness: Float = 0.18

    private let buffer: Buffer
    private let bindings: BindingSet

    init(
        _ device: Device, name: String, layout: borrowing BindingLayout, atlas: borrowing Image,
        outgoing: borrowing Image
    ) throws(VulkanError) {
        let buffer = try Buffer(
            device, size: Self.storageRange.offset + Self.storageRange.size, use: .upload, name: name)
        bindings = try BindingSet(
            device, layout: layout, buffer: buffer, uniforms: Self.uniformRange, storage: Self.storageRange,
            texture: outgoing, raw: outgoing)
        self.buffer = buffer
    }

    /// Records the blending into the target that is being rendered to.
    /// - Parameters:
    ///   - progress: 0 (the outgoing picture alone) … 1 (nothing of it).
    ///   - width: Of the picture; so is `height`, pixels.
    func record(
        _ recorder: CommandRecorder, _ brushes: BrushSet, style: Transition.Style, progress: Double, width: Double,
        height: Double
    ) {
        // Slow at both ends.
        let eased = progress * progress * (3 - 2 * progress)
        var constants = BlendConstants(
            share: style == .spiral ? 1 : Float(1 - eased), softness: Self.dissolveSoftness,
            cell: UInt32(max((min(width, height) / 90).rounded(), 2)), band: 0)
        let steps = write(style, eased, width: width, height: height)
        brushes.bind(style == .dissolve ? .blendCells : .blend, recorder)
        recorder.bind(bindings)
        for band: UInt32 in 0...1 where style == .spiral || band == 1 {
            constants.band = band
            recorder.push(constants)
            recorder.draw(vertices: 2 * (steps + 1))
        }
    }

    /// Writes the points of the edge and returns how many steps there are.
    private func write(_ style: Transition.Style, _ progress: Double, width: Double, height: Double) -> Int {
        guard let base = buffer.contents.baseAddress else { return 0 }
        let points = (base + Self.storageRange.offset).assumingMemoryBound(to: SIMD4<Float>.self)
        guard style == .spiral else {
            // One strip over the whole picture.
            for step in 0...1 {
                let x: Float = step == 0 ? -1 : 1
                points[3 * step] = SIMD4(x, -1, 1, 0)
                points[3 * step + 1] = SIMD4(x, -1, 1, 0)
                points[3 * step + 2] = SIMD4(x, 1, 1, 0)
            }
            return 1
        }
        let edge = SpiralEdge(width: width, height: height, progress: progress)
        for step in 0...SpiralEdge.steps {
            let three = edge.points(step)
            for n in three.indices {
                points[3 * step + n] = SIMD4(
                    Float(three[n].x / width * 2), Float(three[n].y / height * 2), n == 0 ? 0 : 1, 0)
            }
        }
        return SpiralEdge.steps
    }
}
