extension LatencyMark {
    /// How far black and white must be apart, of 255.
    private static let leastContrast = 64.0

    /// Reads the mark of a picture, which may have been reduced and encoded since it was drawn.
    /// - Parameters:
    ///   - width: Of the picture; so is `height`, pixels.
    ///   - luma: How light a pixel is, 0 … 255.
    /// - Returns: Nil where there is no mark, or its check byte is wrong.
    public init?(width: Int, height: Int, luma: (_ x: Int, _ y: Int) -> Double) {
        guard let layout = LatencyMarkLayout(width: width, height: height) else { return nil }
        /// The mean of the inner half of a cell: its edges are blurred.
        func light(_ column: Int, _ row: Int) -> Double {
            let x = layout.left(column: column), y = layout.upper(row: row), side = layout.cell
            let columns = Int(x + side / 4)...max(Int(x + side / 4), Int(x + 3 * side / 4) - 1)
            let rows = Int(y + side / 4)...max(Int(y + side / 4), Int(y + 3 * side / 4) - 1)
            var sum = 0.0
            for row in rows { for column in columns { sum += luma(column, row) } }
            return sum / Double(columns.count * rows.count)
        }
        var black = 0.0, white = 0.0
        for bit in 0..<8 {
            if Self.pattern & (0x80 >> UInt8(bit)) != 0 { white += light(bit, 0) } else { black += light(bit, 0) }
        }
        let whites = Double(Self.pattern.nonzeroBitCount)
        (white, black) = (white / whites, black / (8 - whites))
        guard white - black >= Self.leastContrast else { return nil }
        func byte(_ index: Int) -> UInt8 {
            (0..<8).reduce(0) { value, bit in
                value << 1 | (light(index % 2 * 8 + bit, index / 2) > (white + black) / 2 ? 1 : 0)
            }
        }
        func word(_ first: Int) -> UInt32 { (first..<first + 4).reduce(0) { $0 << 8 | UInt32(byte($1)) } }
        self.init(frame: word(2), stateTime: UInt64(word(6)))
        guard byte(0) == Self.pattern, byte(1) == check else { return nil }
    }
}
