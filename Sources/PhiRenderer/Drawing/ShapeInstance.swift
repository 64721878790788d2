/// One shape or glyph as instance.glsl reads it: 64 bytes.
struct ShapeInstance: BitwiseCopyable {
    /// Centre x, y and half extent x, y: pixels of the finished picture, y downwards.
    var place: SIMD4<Float>
    /// The direction of the shape's own x axis (cos, sin), and two parameters of its kind.
    var form: SIMD4<Float>
    /// Linear RGB and alpha, premultiplied.
    var color: SIMD4<Float>
    /// A second colour, or further parameters of its kind.
    var edge: SIMD4<Float>
}

/// One small disc of many, as dot.vert reads it: 32 bytes.
struct DotInstance: BitwiseCopyable {
    /// Pixels of the finished picture, y downwards.
    var center: SIMD2<Float>
    /// Pixels.
    var radius: Float
    /// Pixels of the target that a pixel of the finished picture is wide; filled in by the canvas.
    var scale: Float = 1
    /// Linear RGB and alpha, premultiplied.
    var color: SIMD4<Float>
}

/// What every shader of a pass knows; the layout of frame.glsl.
struct FrameUniforms: BitwiseCopyable {
    var size: SIMD2<Float>
    var softness: Float
    var center: SIMD4<Float>
    var corner: SIMD4<Float>
}
