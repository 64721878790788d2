/// Where the panel of figures is, pixels: in the upper right corner, as high as its rows.
struct HUDLayout {
    /// Rows of text, the bar among them.
    static let rows = 12

    /// From one row to the next.
    let line: Double
    /// Around the rows, and around the panel.
    let padding: Double
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    /// - Parameters:
    ///   - width: Of the picture; so is `height`.
    ///   - capHeight: Of a capital letter of the figures.
    init(width: Double, height: Double, capHeight: Double) {
        // Large enough to be read where the picture is small.
        line = max(capHeight * 2.05, 15)
        padding = line * 0.8
        self.width = min(capHeight * 27, width * 0.9)
        left = (width - self.width - padding).rounded()
        top = padding
        self.height = min(line * Double(Self.rows) + 2 * padding, height - 2 * padding)
    }
}
