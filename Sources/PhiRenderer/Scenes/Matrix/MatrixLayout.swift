import PhiModel

/// Where the cells of the matrix scene are, pixels.
struct MatrixLayout {
    let left: Double
    let top: Double
    /// From one cell to the next.
    let pitch: Double
    /// Of a cell.
    let side: Double
    /// Whether there is room for numbers in the cells.
    let hasNumbers: Bool

    init(_ canvas: Canvas) {
        let width = canvas.width, height = canvas.height
        let count = Double(EngineState.channelCount)
        // Room for the axes on two sides, the same on all four so that the matrix stays in the middle.
        let margin = (canvas.look.hasLabels ? 62 : 28) * canvas.unit
        pitch = ((min(width, height) - 2 * margin) / count).rounded(.down)
        let gap = max((pitch * 0.05).rounded(), 1)
        side = pitch - gap
        left = ((width - pitch * count + gap) / 2).rounded()
        top = ((height - pitch * count + gap) / 2).rounded()
        hasNumbers = canvas.look.hasLabels && side >= 40
    }

    /// Of the circle that a channel's phase runs along, its radius.
    var orbit: Double { 0.40 * side }

    func x(_ column: Int) -> Double { left + Double(column) * pitch }
    func y(_ row: Int) -> Double { top + Double(row) * pitch }
}
