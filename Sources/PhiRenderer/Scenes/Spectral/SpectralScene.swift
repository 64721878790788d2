import PhiModel

/// Eight cells, one a channel: hue from the frequency, lightness from amplitude and breathing, with label, frequency,
/// phase and amplitude.
struct SpectralScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let palette = canvas.palette(state)
        // Hardly any of it is seen.
        canvas.fillGround()
        let grid = SpectralGrid(width: canvas.width, height: canvas.height)
        for k in 0..<EngineState.channelCount {
            drawCell(grid.cell(k), k, state.channels[k], palette[k], canvas)
        }
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
                let padding = 0.09 * min(cell.width, cell.height)
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

    private func drawCell(
        _ cell: SpectralGrid.Cell, _ k: Int, _ channel: ChannelState, _ color: LinearColor, _ canvas: Canvas
    ) {
        let short = min(cell.width, cell.height)
        let radius = 0.05 * short
        canvas.tile(
            x: cell.x, y: cell.y, width: cell.width, height: cell.height, radius: radius, top: color,
            bottom: color.scaled(by: 0.55))

        // Text that reads on any cell: dark on light, light on dark.
        let luminance = 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue
        let isLight = luminance > 0.3
        let ink = isLight ? LinearColor(red: 0.004, green: 0.004, blue: 0.008) : Ink.white
        let padding = 0.09 * short
        let strong = Ink(ink, alpha: isLight ? 0.94 : 0.92)
        let weak = Ink(ink, alpha: isLight ? 0.22 : 0.07)

        let top = cell.y + padding, bottom = cell.y + cell.height - padding
        let left = cell.x + padding, right = cell.x + cell.width - padding
        canvas.label(
            ChannelLabel.name(k), x: left, y: top + canvas.capHeight(.large), .large, strong)

        let dial = 0.11 * short
        drawDial(x: right - dial, y: top + dial, radius: dial, phase: channel.phase, strong, weak, canvas)

        let barHeight = max(0.022 * short, 2)
        canvas.label(
            ChannelLabel.frequency(channel.frequency), x: left, y: bottom - barHeight - 0.06 * short, .large, strong)
        canvas.box(
            x: left, y: bottom - barHeight, width: right - left, height: barHeight, radius: barHeight / 2, top: weak,
            bottom: weak)
        let filled = (right - left) * channel.audibleAmplitude
        if filled > 0 {
            canvas.box(
                x: left, y: bottom - barHeight, width: max(filled, barHeight), height: barHeight,
                radius: barHeight / 2, top: strong, bottom: strong)
        }
    }

    /// A circle with a hand at the channel's phase; 0 points to the right, growing against the clock.
    private func drawDial(
        x: Double, y: Double, radius: Double, phase: Double, _ strong: Ink, _ weak: Ink, _ canvas: Canvas
    ) {
        let hand = Angle2D(radians: phase)
        let width = max(radius * 0.13, 1)
        canvas.ring(x: x, y: y, radius: radius - width, width: width, weak)
        canvas.disc(
            x: x + hand.cosine * (radius - width), y: y - hand.sine * (radius - width), radius: radius * 0.24, strong)
    }
}

/// Where the cells are: four columns and two rows, or two columns and four rows on an upright picture.
struct SpectralGrid {
    struct Cell {
        var x: Double, y: Double, width: Double, height: Double
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
