import VulkanKit

/// One shape or glyph as the vertex shaders read it: 64 bytes.
struct ShapeInstance: BitwiseCopyable {
    /// Centre x, y and half extent x, y: pixels of the finished picture, y downwards.
    var place: SIMD4<Float>
    /// The direction of the shape's own x axis (cos, sin), and two parameters of its kind.
    var form: SIMD4<Float>
    /// Linear RGB and alpha. With alpha 0 the colour is added as light.
    var color: SIMD4<Float>
    /// A second colour, or further parameters of its kind.
    var edge: SIMD4<Float>

    static let stride = MemoryLayout<ShapeInstance>.stride
    static let attributes = [0, 16, 32, 48].map { GraphicsPipeline.Attribute(components: 4, offset: $0) }
}

/// The push constants of a ribbon.
struct RibbonConstants: BitwiseCopyable {
    var color: SIMD4<Float>
    var first: UInt32
    var count: UInt32
    var halfWidth: Float
    var glowRadius: Float
}

/// What every shader of a frame knows; the layout of frame.glsl.
struct FrameUniforms: BitwiseCopyable {
    var size: SIMD2<Float>
    var softness: Float
    var center: SIMD4<Float>
    var corner: SIMD4<Float>
}
