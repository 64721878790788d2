import Shaders
import VulkanKit

/// The pipelines that pictures are drawn with. The raw value of a shape is its variant in shape.frag.
enum Brush: Int, CaseIterable {
    case box, ring, line, glow, fill
    case background, ribbon, glyph

    var pipeline: GraphicsPipeline.Description {
        switch self {
        case .background:
            GraphicsPipeline.Description(
                name: "background", vertexShader: SPIRV.backgroundVert, fragmentShader: SPIRV.backgroundFrag,
                blend: .opaque)
        case .ribbon:
            GraphicsPipeline.Description(
                name: "ribbon", vertexShader: SPIRV.ribbonVert, fragmentShader: SPIRV.ribbonFrag)
        case .glyph:
            GraphicsPipeline.Description(
                name: "glyph", vertexShader: SPIRV.glyphVert, fragmentShader: SPIRV.glyphFrag,
                instanceStride: ShapeInstance.stride, attributes: Array(ShapeInstance.attributes.prefix(3)))
        case .box, .ring, .line, .glow, .fill:
            GraphicsPipeline.Description(
                name: "\(self)", vertexShader: SPIRV.shapeVert, fragmentShader: SPIRV.shapeFrag,
                instanceStride: ShapeInstance.stride, attributes: ShapeInstance.attributes,
                blend: self == .fill ? .opaque : .premultiplied, variant: UInt32(rawValue))
        }
    }
}

/// Every pipeline, compiled.
struct BrushSet {
    private final class Compiled {
        let pipeline: GraphicsPipeline
        init(_ pipeline: consuming GraphicsPipeline) { self.pipeline = pipeline }
    }

    /// At the positions of the brushes' raw values.
    private let compiled: [Compiled]

    init(
        _ device: Device, layout: borrowing BindingLayout, cache: borrowing PipelineCache, target: Image.Format
    ) throws(VulkanError) {
        var compiled: [Compiled] = []
        for brush in Brush.allCases {
            compiled.append(
                Compiled(
                    try GraphicsPipeline(device, brush.pipeline, layout: layout, cache: cache, target: target)))
        }
        self.compiled = compiled
    }

    func bind(_ brush: Brush, _ commands: CommandRecorder) { commands.bind(compiled[brush.rawValue].pipeline) }
}
