import Handoff
import VulkanKit

/// What one frame in flight needs for itself.
final class FrameSlot {
    /// An image by reference.
    final class Layer {
        let image: Image
        init(_ image: consuming Image) { self.image = image }
    }

    let commands: CommandSlot
    /// The finished picture.
    let target: Layer
    /// The picture that gives way, while two are blended.
    let outgoing: Layer
    /// Shapes at less than full resolution, in its upper left corner.
    let reduced: Layer
    /// The picture that is shown, and the one that gives way to it.
    let pictures: [PictureSlot]
    /// Reaches the picture that gives way.
    let blending: BlendSlot
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
        func layer(_ name: String) throws(VulkanError) -> Layer {
            Layer(
                try Image(
                    device, width: options.width, height: options.height, format: .rgba8sRGB, use: .target,
                    name: "\(name) \(index)"))
        }
        commands = try CommandSlot(device, name: "frame \(index)")
        target = try layer("frame")
        outgoing = try layer("outgoing frame")
        reduced = try layer("reduced frame")
        pictures = [
            try PictureSlot(device, name: "frame \(index)", options: options, layout: layout, atlas: atlas),
            try PictureSlot(device, name: "outgoing frame \(index)", options: options, layout: layout, atlas: atlas),
        ]
        blending = try BlendSlot(device, name: "blend \(index)", layout: layout, atlas: atlas, outgoing: outgoing.image)
        timestamps = try Timestamps(device, count: 3, name: "frame \(index) times")
    }
}
