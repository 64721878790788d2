import Shaders
import VulkanKit

/// The pipelines that pictures are drawn with.
enum Brush: Int, CaseIterable {
    // On the picture.
    case box, ring, line, fill, ribbon, dot, glyph
    // Into the light.
    case glow, lightDot
    // Over a whole target.
    case ground, lit, litReduced, flat, backdrop, enlarge, blend, blendCells

    /// What a pipeline draws into.
    enum Target {
        /// A finished picture, or its shapes at less than full resolution.
        case picture
        /// Light without an upper bound.
        case light
        /// What is encoded as sRGB already.
        case encoded

        var format: Image.Format {
            switch self {
            case .picture: .rgba8sRGB
            case .light: .rgba16Float
            case .encoded: .rgba8
            }
        }
    }

    var target: Target {
        switch self {
        case .box, .ring, .line, .fill, .ribbon, .dot, .glyph, .ground, .flat, .backdrop, .blend, .blendCells: .picture
        case .glow, .lightDot: .light
        case .lit, .litReduced, .enlarge: .encoded
        }
    }

    var pipeline: GraphicsPipeline.Description {
        switch self {
        case .box: shape(variant: 0)
        case .ring: shape(variant: 1)
        case .line: shape(variant: 2)
        case .fill: shape(variant: 3, blend: .opaque)
        case .glow: shape(variant: 4, blend: .additive)
        case .ribbon:
            GraphicsPipeline.Description(
                name: "ribbon", vertexShader: SPIRV.ribbonVert, fragmentShader: SPIRV.ribbonFrag)
        case .dot: dot(variant: 0, blend: .premultiplied)
        case .lightDot: dot(variant: 1, blend: .additive)
        case .glyph:
            GraphicsPipeline.Description(
                name: "glyph", vertexShader: SPIRV.glyphVert, fragmentShader: SPIRV.glyphFrag,
                topology: .triangles)
        case .ground: screen(SPIRV.groundFrag, variant: 0)
        case .flat: screen(SPIRV.groundFrag, variant: 1)
        case .lit: screen(SPIRV.litFrag, variant: 0)
        case .litReduced: screen(SPIRV.litFrag, variant: 1)
        case .enlarge: screen(SPIRV.enlargeFrag)
        case .backdrop: screen(SPIRV.backdropFrag)
        case .blend: blend(variant: 0)
        case .blendCells: blend(variant: 1)
        }
    }

    private func shape(variant: UInt32, blend: GraphicsPipeline.Blend = .premultiplied) -> GraphicsPipeline.Description
    {
        GraphicsPipeline.Description(
            name: "\(self)", vertexShader: SPIRV.shapeVert, fragmentShader: SPIRV.shapeFrag,
            topology: .triangles, blend: blend, variant: variant)
    }

    private func dot(variant: UInt32, blend: GraphicsPipeline.Blend) -> GraphicsPipeline.Description {
        GraphicsPipeline.Description(
            name: "\(self)", vertexShader: SPIRV.dotVert, fragmentShader: SPIRV.dotFrag, topology: .points,
            blend: blend, variant: variant)
    }

    private func blend(variant: UInt32) -> GraphicsPipeline.Description {
        GraphicsPipeline.Description(
            name: "\(self)", vertexShader: SPIRV.blendVert, fragmentShader: SPIRV.blendFrag, variant: variant)
    }

    private func screen(_ fragment: [UInt32], variant: UInt32 = 0) -> GraphicsPipeline.Description {
        GraphicsPipeline.Description(
            name: "\(self)", vertexShader: SPIRV.screenVert, fragmentShader: fragment, blend: .opaque,
            variant: variant)
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
        _ device: Device, layout: borrowing BindingLayout, cache: borrowing PipelineCache
    ) throws(VulkanError) {
        var compiled: [Compiled] = []
        for brush in Brush.allCases {
            compiled.append(
                Compiled(
                    try GraphicsPipeline(
                        device, brush.pipeline, layout: layout, cache: cache, target: brush.target.format)))
        }
        self.compiled = compiled
    }

    func bind(_ brush: Brush, _ commands: CommandRecorder) { commands.bind(compiled[brush.rawValue].pipeline) }
}
