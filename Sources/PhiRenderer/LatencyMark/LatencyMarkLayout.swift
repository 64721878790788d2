import PhiModel

/// Where the cells of a latency mark are in a picture of any size. Lengths are pixels, y downwards.
struct LatencyMarkLayout {
    /// Cells that carry bits.
    static let columns = 16
    static let rows = 5
    /// The quiet border, cells.
    static let border = 1
    /// How many cells the longer side of a picture is.
    private static let cellsOfLongerSide = 80.0

    /// The side of a cell; it need not be whole.
    let cell: Double
    /// The upper edge of the border; the left one is 0.
    let top: Double
    let width: Double
    let height: Double

    /// Nil where the picture has no room: where one side is more than four times the other.
    init?(width: Int, height: Int) {
        cell = Double(max(width, height)) / Self.cellsOfLongerSide
        self.width = cell * Double(Self.columns + 2 * Self.border)
        self.height = cell * Double(Self.rows + 2 * Self.border)
        top = Double(height) - self.height
        guard top >= 0, self.width <= Double(width) else { return nil }
    }

    /// The left edge of a column, counted without the border; `columns` gives the right edge of the last.
    func left(column: Int) -> Double { cell * Double(column + Self.border) }

    /// The upper edge of a row, counted without the border.
    func upper(row: Int) -> Double { top + cell * Double(row + Self.border) }
}

extension Canvas {
    /// Draws a mark over everything else, whatever is drawn before or after it.
    func mark(_ mark: LatencyMark) {
        guard let layout = LatencyMarkLayout(width: Int(width), height: Int(height)) else { return }
        list.withMarkLayer {
            let black = LinearColor(red: 0, green: 0, blue: 0)
            shade(x: 0, y: layout.top, width: layout.width, height: layout.height, top: black, bottom: black)
            for row in 0..<LatencyMarkLayout.rows {
                let y = layout.upper(row: row)
                for column in 0..<LatencyMarkLayout.columns where mark.isWhite(column: column, row: row) {
                    let x = layout.left(column: column)
                    shade(x: x, y: y, width: layout.cell, height: layout.cell, top: Ink.white, bottom: Ink.white)
                }
            }
        }
    }
}
