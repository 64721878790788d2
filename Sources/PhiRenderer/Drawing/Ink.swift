import PhiModel

/// A colour with its alpha, premultiplied.
struct Ink {
    /// Linear RGB, premultiplied, and alpha.
    let vector: SIMD4<Float>

    init(_ color: LinearColor, alpha: Double = 1) {
        // With alpha 0 the colour is light that is added, and stays as it is.
        let factor = alpha > 0 ? alpha : 1
        vector = SIMD4(
            Float(color.red * factor), Float(color.green * factor), Float(color.blue * factor), Float(alpha))
    }

    static let white = LinearColor(red: 1, green: 1, blue: 1)

    /// Text and hairlines: white that stands back by `alpha`.
    static func white(_ alpha: Double) -> Ink { Ink(white, alpha: alpha) }
}
