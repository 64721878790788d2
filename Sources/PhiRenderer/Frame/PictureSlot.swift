import PhiModel
import VulkanKit

/// What one picture of one frame in flight needs for itself: its draw list in memory that the device reads, and its light.
final class PictureSlot {
    /// For shapes, at their resolution, and for everything else, at that of the finished picture.
    private static let shapeUniforms = BufferRange(offset: 0, size: MemoryLayout<FrameUniforms>.size)
    private static let pictureUniforms = BufferRange(offset: 256, size: MemoryLayout<FrameUniforms>.size)
    private static let storageRange = BufferRange(offset: 512, size: DrawList.size)

    let list = DrawList()
    /// The resolution of its shapes, relative to the finished picture.
    private(set) var scale = 1.0
    private var width = 1, height = 1
    /// What its shapes are drawn in, pixels.
    var reducedWidth: Int { scale < 1 ? max(Int(Double(width) * scale), 1) : width }
    var reducedHeight: Int { scale < 1 ? max(Int(Double(height) * scale), 1) : height }
    /// What is drawn beyond that, pixels: scaling up with filtering reads a pixel further.
    private var margin: Int { scale < 1 ? 1 : 0 }
    private let upload: Buffer
    private let light: LightChain
    /// For shapes.
    private let shapeBindings: BindingSet
    /// For light, text, the overlay and the mark.
    private let bindings: BindingSet

    init(
        _ device: Device, name: String, options: RendererOptions, layout: borrowing BindingLayout,
        atlas: borrowing Image
    ) throws(VulkanError) {
        let upload = try Buffer(
            device, size: Self.storageRange.offset + Self.storageRange.size, use: .upload, name: "upload of \(name)")
        let light = try LightChain(device, name: name, width: options.width, height: options.height) {
            image throws(VulkanError) in
            try BindingSet(
                device, layout: layout, buffer: upload, uniforms: Self.pictureUniforms, storage: Self.storageRange,
                texture: image, raw: image)
        }
        shapeBindings = try BindingSet(
            device, layout: layout, buffer: upload, uniforms: Self.shapeUniforms, storage: Self.storageRange,
            texture: atlas, raw: light.enlarged)
        bindings = try BindingSet(
            device, layout: layout, buffer: upload, uniforms: Self.pictureUniforms, storage: Self.storageRange,
            texture: atlas, raw: light.enlarged)
        self.upload = upload
        self.light = light
    }

    /// Empties the draw list for another picture.
    /// - Parameter scale: The resolution of its shapes, relative to the finished picture.
    func begin(look: Look, scale: Double, options: RendererOptions) {
        (width, height) = (options.width, options.height)
        guard let base = upload.contents.baseAddress else { return }
        self.scale = scale
        list.begin(base + Self.storageRange.offset)
        var uniforms = FrameUniforms(
            size: SIMD2(Float(width), Float(height)), softness: 1, center: Ink(look.center).vector,
            corner: Ink(look.corner).vector)
        upload.contents.storeBytes(of: uniforms, toByteOffset: Self.pictureUniforms.offset, as: FrameUniforms.self)
        uniforms.size = SIMD2(
            Float(width * (reducedWidth + margin)) / Float(reducedWidth),
            Float(height * (reducedHeight + margin)) / Float(reducedHeight))
        uniforms.softness = Float(1 / scale)
        upload.contents.storeBytes(of: uniforms, toByteOffset: Self.shapeUniforms.offset, as: FrameUniforms.self)
    }

    /// Whether the light has passes of its own.
    private var isLit: Bool { list.light.count > 0 }

    /// Records the passes of the light, where there is any.
    func recordLight(_ recorder: CommandRecorder, _ brushes: BrushSet) {
        guard isLit else { return }
        light.record(recorder, brushes) {
            recorder.bind(bindings)
            recordBatches(list.light, recorder, brushes)
        }
    }

    /// Records the ground and the shapes into the upper left part of `image`, and leaves the rendering open.
    func recordShapes(_ recorder: CommandRecorder, _ brushes: BrushSet, into image: borrowing Image) {
        let width = reducedWidth + margin, height = reducedHeight + margin
        recorder.beginRendering(into: image, width: width, height: height, isRaw: isLit)
        recorder.bind(shapeBindings)
        brushes.bind(list.isFlat ? .flat : !isLit ? .ground : scale < 1 ? .litReduced : .lit, recorder)
        recorder.draw(vertices: 3)
        if isLit {
            // The ground comes encoded; what is blended on it is linear.
            recorder.endRendering()
            recorder.transition(image.handle, from: .colorTarget, to: .colorTarget)
            recorder.resumeRendering(into: image, width: width, height: height)
        }
        recordBatches(list.shapes, recorder, brushes)
    }

    /// Records the text and the overlay, into the target that is being rendered to.
    func recordText(_ recorder: CommandRecorder, _ brushes: BrushSet) {
        recorder.bind(bindings)
        recordGlyphs(first: 0, count: list.glyphCount, recorder, brushes)
        recordBatches(list.overlay, recorder, brushes)
        recordGlyphs(first: list.glyphCount, count: list.overlayGlyphCount, recorder, brushes)
    }

    /// Records the mark, into the target that is being rendered to.
    func recordMark(_ recorder: CommandRecorder, _ brushes: BrushSet) {
        guard list.mark.count > 0 else { return }
        recorder.bind(bindings)
        recordBatches(list.mark, recorder, brushes)
    }

    private func recordGlyphs(first: Int, count: Int, _ recorder: CommandRecorder, _ brushes: BrushSet) {
        guard count > 0 else { return }
        brushes.bind(.glyph, recorder)
        recorder.draw(vertices: 6 * count, first: 6 * (DrawList.shapeCapacity + first))
    }

    private func recordBatches(_ batches: BatchList, _ recorder: CommandRecorder, _ brushes: BrushSet) {
        for index in 0..<batches.count {
            let batch = batches[index]
            brushes.bind(batch.brush, recorder)
            switch batch.brush {
            case .ribbon: recorder.draw(vertices: 2 * batch.count, first: 2 * batch.first)
            case .dot, .lightDot: recorder.draw(vertices: batch.count, first: batch.first)
            default: recorder.draw(vertices: 6 * batch.count, first: 6 * batch.first)
            }
        }
    }
}
