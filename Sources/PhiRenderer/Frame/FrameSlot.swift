import Handoff
import VulkanKit

/// A target of less than full resolution.
final class ReducedImage {
    let image: Image

    init(_ image: consuming Image) { self.image = image }
}

/// What one frame in flight needs for itself.
final class FrameSlot {
    static let uniformRange = BufferRange(offset: 0, size: MemoryLayout<FrameUniforms>.size)
    static let instanceOffset = 256
    static let pointRange = BufferRange(
        offset: instanceOffset + (DrawList.shapeCapacity + DrawList.glyphCapacity) * ShapeInstance.stride,
        size: DrawList.pointCapacity * MemoryLayout<SIMD2<Float>>.stride)

    let commands: CommandSlot
    /// The finished picture.
    let target: Image
    /// The shapes at reduced resolution; nil at full resolution, where they are drawn into `target`.
    let reduced: ReducedImage?
    let upload: Buffer
    let bindings: BindingSet
    let timestamps: Timestamps
    /// What the timeline reaches when this slot's work is done.
    var finishedAt: UInt64 = 0
    var info = FrameInfo()
    /// Drawing and recording on the processor, µs.
    var recordingMicroseconds: UInt32 = 0
    /// Where the picture is read back to; nil where nobody wants it.
    var lease: FrameLease?
    /// The slot of `lease` in its pool, or −1.
    var readbackSlot = -1

    init(
        _ device: Device, index: Int, options: RendererOptions, layout: borrowing BindingLayout,
        atlas: borrowing Image
    ) throws(VulkanError) {
        let width = options.width, height = options.height
        commands = try CommandSlot(device, name: "frame \(index)")
        target = try Image(
            device, width: width, height: height, format: .rgba8sRGB, use: .target, name: "frame \(index)")
        if options.quality.scale < 1 {
            reduced = ReducedImage(
                try Image(
                    device, width: max(Int(Double(width) * options.quality.scale), 1),
                    height: max(Int(Double(height) * options.quality.scale), 1), format: .rgba8sRGB, use: .target,
                    name: "reduced frame \(index)"))
        } else {
            reduced = nil
        }
        let upload = try Buffer(
            device, size: Self.pointRange.offset + Self.pointRange.size, use: .upload, name: "upload \(index)")
        bindings = try BindingSet(
            device, layout: layout, buffer: upload, uniforms: Self.uniformRange, storage: Self.pointRange,
            texture: atlas)
        self.upload = upload
        timestamps = try Timestamps(device, count: 3, name: "frame \(index) times")
    }

    /// Hands the slot's memory to a draw list.
    func begin(_ list: DrawList) {
        guard let base = upload.contents.baseAddress else { return }
        list.begin(
            instances: (base + Self.instanceOffset).assumingMemoryBound(to: ShapeInstance.self),
            points: (base + Self.pointRange.offset).assumingMemoryBound(to: SIMD2<Float>.self))
    }

    func setUniforms(_ uniforms: FrameUniforms) {
        upload.contents.storeBytes(of: uniforms, toByteOffset: Self.uniformRange.offset, as: FrameUniforms.self)
    }
}
