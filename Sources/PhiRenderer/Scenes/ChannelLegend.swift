import PhiModel

/// Which colour is which channel: a column on the left of a wide picture, rows at the bottom of an upright one. The bars show
/// the amplitudes.
enum ChannelLegend {
    /// How much of the picture it takes from its side, pixels.
    static func depth(width: Double, height: Double, unit: Double) -> Double {
        width >= height ? 136 * unit : 130 * unit
    }

    static func draw(
        _ state: borrowing EngineState, _ palette: InlineArray<8, LinearColor>, on canvas: Canvas
    ) {
        guard canvas.look.hasLabels else { return }
        let unit = canvas.unit
        let isWide = canvas.width >= canvas.height
        let rowHeight = (isWide ? 44 : 48) * unit
        for k in 0..<EngineState.channelCount {
            let x: Double, y: Double
            if isWide {
                x = 30 * unit
                y = canvas.height / 2 + (Double(k) - 3.5) * rowHeight
            } else {
                let column = (canvas.width - 60 * unit) / 4
                x = 30 * unit + Double(k % 4) * column
                y = canvas.height - (1.9 - Double(k / 4)) * rowHeight
            }
            drawRow(k, state.channels[k], palette[k], x: x, y: y, canvas)
        }
    }

    private static func drawRow(
        _ k: Int, _ channel: ChannelState, _ color: LinearColor, x: Double, y: Double, _ canvas: Canvas
    ) {
        let unit = canvas.unit
        let cap = canvas.capHeight(.body)
        let isAudible = channel.audibleAmplitude > 0
        let length = 26 * unit, width = max(5 * unit, 2)
        canvas.bar(
            x: x, y: y - width / 2, width: length, height: width, share: channel.audibleAmplitude,
            Ink(color.lifted(to: 0.3)), track: .white(0.06))
        canvas.label(
            ChannelLabel.name(k), x: x + length + 12 * unit, y: y - cap * 0.12, .body, .white(isAudible ? 0.88 : 0.4))
        canvas.label(
            ChannelLabel.frequency(channel.frequency), x: x + length + 12 * unit, y: y + cap * 1.3, .small, .white(0.48)
        )
    }
}
