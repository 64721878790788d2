import PhiModel

/// The colour of a coupling: sign by hue, magnitude by light. Orange and blue stay apart for every kind of colour blindness.
enum MatrixColor {
    private static let positive = LinearColor(sRGB: 1.0, 0.62, 0.18)
    private static let negative = LinearColor(sRGB: 0.32, 0.60, 1.0)
    private static let none = LinearColor(sRGB: 0.085, 0.09, 0.11)

    /// - Parameter coupling: [−1, 1].
    static func of(_ coupling: Double) -> LinearColor {
        let magnitude = abs(coupling)
        // Even steps to the eye: the encoded value grows in proportion to the magnitude.
        return none.mixed(with: coupling < 0 ? negative : positive, magnitude * (0.25 + 0.75 * magnitude))
    }
}
