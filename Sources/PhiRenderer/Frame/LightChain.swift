import VulkanKit

/// The light of one picture: gathered at a quarter of the resolution without an upper bound, laid on the ground and
/// tone-mapped there, and enlarged to half the resolution with filtering.
struct LightChain: ~Copyable {
    private let light: Image
    private let backdrop: Image
    /// The ground with the light on it, tone-mapped and encoded as sRGB, at half the resolution of the picture.
    let enlarged: Image
    private let readLight: BindingSet
    private let readBackdrop: BindingSet

    /// How many pixels of the picture a pixel of the light is wide.
    static let divisor = 4

    /// - Parameters:
    ///   - width: Of the picture; so is `height`, pixels.
    ///   - bind: Makes a set that reaches an image.
    init(
        _ device: Device, name: String, width: Int, height: Int,
        bind: (borrowing Image) throws(VulkanError) -> BindingSet
    ) throws(VulkanError) {
        func image(_ divisor: Int, _ format: Image.Format, _ what: String) throws(VulkanError) -> Image {
            try Image(
                device, width: max((width + divisor - 1) / divisor, 1),
                height: max((height + divisor - 1) / divisor, 1),
                format: format, use: .target, name: "\(what) of \(name)")
        }
        let light = try image(Self.divisor, .rgba16Float, "light")
        let backdrop = try image(Self.divisor, .rgba8sRGB, "backdrop")
        let enlarged = try image(Self.divisor / 2, .rgba8, "enlarged backdrop")
        let readLight = try bind(light)
        let readBackdrop = try bind(backdrop)
        self.light = light
        self.backdrop = backdrop
        self.enlarged = enlarged
        self.readLight = readLight
        self.readBackdrop = readBackdrop
    }

    /// Records all passes; afterwards `enlarged` can be read by shaders.
    /// - Parameter draw: Draws the light itself.
    func record(_ recorder: CommandRecorder, _ brushes: BrushSet, draw: () -> Void) {
        pass(recorder, into: light, clear: .zero, draw)
        pass(recorder, into: backdrop) { screen(recorder, brushes, .backdrop, readLight) }
        pass(recorder, into: enlarged) { screen(recorder, brushes, .enlarge, readBackdrop) }
    }

    private func pass(
        _ recorder: CommandRecorder, into image: borrowing Image, clear: SIMD3<Float>? = nil, _ draw: () -> Void
    ) {
        // The earlier frame that read the image is over: its slot was waited for.
        recorder.transition(image.handle, from: .undefined, to: .colorTarget)
        recorder.beginRendering(into: image, width: image.width, height: image.height, clear: clear)
        draw()
        recorder.endRendering()
        recorder.transition(image.handle, from: .colorTarget, to: .shaderRead)
    }

    private func screen(
        _ recorder: CommandRecorder, _ brushes: BrushSet, _ brush: Brush, _ bindings: borrowing BindingSet
    ) {
        brushes.bind(brush, recorder)
        recorder.bind(bindings)
        recorder.draw(vertices: 3)
    }
}
