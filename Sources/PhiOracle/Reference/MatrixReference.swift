import PhiModel

/// Where the cells of the matrix scene are, pixels, and what their colours mean. Mirrors MatrixLayout and MatrixColor.
struct MatrixReference {
    private let left: Double
    private let top: Double
    private let pitch: Double
    /// Of a cell.
    let side: Double

    init(_ subject: Subject) {
        let margin = (subject.look.hasLabels ? 62 : 28) * subject.unit
        // Everything on whole pixels.
        pitch = ((min(subject.width, subject.height) - 2 * margin) / 8).rounded(.down)
        let gap = max((pitch * 0.05).rounded(), 1)
        side = pitch - gap
        left = ((subject.width - 8 * pitch + gap) / 2).rounded()
        top = ((subject.height - 8 * pitch + gap) / 2).rounded()
    }

    func x(_ column: Int) -> Double { left + Double(column) * pitch }
    func y(_ row: Int) -> Double { top + Double(row) * pitch }

    /// What is left of the colour of a cell this far below its upper edge: it is shaded to 0.86, in linear light.
    func shade(_ y: Double) -> Double { 1 - 0.14 * y / side }

    /// From the colour of no coupling towards orange or blue, by |c| · (0.25 + 0.75 · |c|) of the way in linear light.
    static func color(_ coupling: Double) -> LinearColor {
        let none = LinearColor(sRGB: 0.085, 0.09, 0.11)
        let full = coupling < 0 ? LinearColor(sRGB: 0.32, 0.60, 1.0) : LinearColor(sRGB: 1.0, 0.62, 0.18)
        return none.mixed(with: full, abs(coupling) * (0.25 + 0.75 * abs(coupling)))
    }
}
