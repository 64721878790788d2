import PhiModel

/// Eight cells, one a channel: hue from the frequency, lightness from amplitude and breathing, with label, frequency,
/// phase and amplitude.
struct SpectralScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let palette = canvas.palette(state)
        // Hardly any of it is seen.
        canvas.fillGround()
        let grid = SpectralGrid(width: canvas.width, height: canvas.height)
        canvas.tiles(EngineState.channelCount) { k in
            let cell = grid.cell(k)
            return Tile(
                x: cell.x, y: cell.y, width: cell.width, height: cell.height,
                radius: 0.05 * min(cell.width, cell.height), top: palette[k], bottom: palette[k].scaled(by: 0.55))
        }
        for k in 0..<EngineState.channelCount { drawDial(grid.cell(k), palette[k], canvas) }
        for k in 0..<EngineState.channelCount { drawCell(grid.cell(k), k, state.channels[k], palette[k], canvas) }
        if canvas.quality.hasGradients { drawWaveforms(state, grid, palette, canvas) }
    }

    /// The newest sound of each channel, across the middle of its cell.
    private func drawWaveforms(
        _ state: borrowing EngineState, _ grid: SpectralGrid, _ palette: InlineArray<8, LinearColor>, _ canvas: Canvas
    ) {
        let count = 128, step = Waveforms.length / count
        state.waveforms.withSamples { samples in
            for k in 0..<EngineState.channelCount {
                let cell = grid.cell(k)
                let padding = cell.padding
                let ink = Ink(palette[k].lifted(to: 0.3).mixed(with: Ink.white, 0.45), alpha: 0.75)
                canvas.curve(count: count, width: max(1.6 * canvas.unit, 1), ink) { n in
                    let sample = Double(samples[k * Waveforms.length + n * step])
                    return (
                        cell.x + padding + (cell.width - 2 * padding) * Double(n) / Double(count - 1),
                        cell.y + 0.47 * cell.height - sample * 0.17 * cell.height
                    )
                }
            }
        }
    }

    /// Text and marks that read on any cell: dark on light, light on dark.
    private struct Inks {
        let strong: Ink
        let weak: Ink

        init(on color: LinearColor) {
            let isLight = 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue > 0.3
            let ink = isLight ? LinearColor(red: 0.004, green: 0.004, blue: 0.008) : Ink.white
            strong = Ink(ink, alpha: isLight ? 0.94 : 0.92)
            weak = Ink(ink, alpha: isLight ? 0.22 : 0.07)
        }
    }

    /// Name, frequency, amplitude, and the hand of the dial at the channel's phase; 0 points to the right, growing against
    /// the clock.
    private func drawCell(
        _ cell: SpectralGrid.Cell, _ k: Int, _ channel: ChannelState, _ color: LinearColor, _ canvas: Canvas
    ) {
        let inks = Inks(on: color), short = cell.short, padding = cell.padding
        let top = cell.y + padding, bottom = cell.y + cell.height - padding
        let left = cell.x + padding, right = cell.x + cell.width - padding
        canvas.label(
            ChannelLabel.name(k), x: left, y: top + canvas.capHeight(.large), .large, inks.strong)

        let dial = cell.dial, hand = Angle2D(radians: channel.phase)
        canvas.disc(
            x: dial.x + hand.cosine * dial.radius, y: dial.y - hand.sine * dial.radius, radius: dial.size * 0.24,
            inks.strong)

        let barHeight = max(0.022 * short, 2)
        canvas.label(
            ChannelLabel.frequency(channel.frequency), x: left, y: bottom - barHeight - 0.06 * short, .large,
            inks.strong)
        canvas.box(
            x: left, y: bottom - barHeight, width: right - left, height: barHeight, radius: barHeight / 2,
            top: inks.weak, bottom: inks.weak)
        let filled = (right - left) * channel.audibleAmplitude
        if filled > 0 {
            canvas.box(
                x: left, y: bottom - barHeight, width: max(filled, barHeight), height: barHeight,
                radius: barHeight / 2, top: inks.strong, bottom: inks.strong)
        }
    }

    /// The circle that the hand runs along.
    private func drawDial(_ cell: SpectralGrid.Cell, _ color: LinearColor, _ canvas: Canvas) {
        let dial = cell.dial
        canvas.ring(x: dial.x, y: dial.y, radius: dial.radius, width: dial.width, Inks(on: color).weak)
    }
}

/// Where the cells are: four columns and two rows, or two columns and four rows on an upright picture.
struct SpectralGrid {
    struct Cell {
        var x: Double, y: Double, width: Double, height: Double

        var short: Double { min(width, height) }
        var padding: Double { 0.09 * short }

        /// The dial of the phase: its middle, its size, and the circle in it.
        var dial: (x: Double, y: Double, size: Double, radius: Double, width: Double) {
            let size = 0.11 * short, width = max(size * 0.13, 1)
            return (x + self.width - padding - size, y + padding + size, size, size - width, width)
        }
    }

    private let columns: Int
    private let margin: Double
    private let gap: Double
    private let cellWidth: Double
    private let cellHeight: Double

    init(width: Double, height: Double) {
        columns = width >= height ? 4 : 2
        let rows = EngineState.channelCount / columns
        margin = 0.035 * min(width, height)
        gap = 0.018 * min(width, height)
        cellWidth = (width - 2 * margin - gap * Double(columns - 1)) / Double(columns)
        cellHeight = (height - 2 * margin - gap * Double(rows - 1)) / Double(rows)
    }

    func cell(_ k: Int) -> Cell {
        Cell(
            x: margin + Double(k % columns) * (cellWidth + gap), y: margin + Double(k / columns) * (cellHeight + gap),
            width: cellWidth, height: cellHeight)
    }
}
