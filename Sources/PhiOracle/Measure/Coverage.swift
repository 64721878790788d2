import PhiModel

/// How much of a pixel is inside a shape.
enum Coverage {
    /// Mirrors `coverage` of Shaders/frame.glsl.
    /// - Parameters:
    ///   - distance: From the edge, negative inside, pixels.
    ///   - softness: Of the edge, pixels.
    /// - Returns: [0, 1].
    static func of(distance: Double, softness: Double) -> Double {
        (0.5 - distance / softness).clamped(to: 0...1)
    }
}
