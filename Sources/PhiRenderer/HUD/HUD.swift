import PhiModel

/// Figures over the picture, on a panel in the upper right corner: how fast it is drawn, and what it is drawn from.
enum HUD {
    private static let ground = LinearColor(red: 0.003, green: 0.003, blue: 0.005)
    /// Dense enough that nothing behind it reads through.
    private static let groundAlpha = 0.93
    /// Of the stages: recording, drawing, reading back.
    private static let stageColors: InlineArray<3, LinearColor> = [
        LinearColor(sRGB: 0.45, 0.72, 1.0), LinearColor(sRGB: 1.0, 0.76, 0.30), LinearColor(sRGB: 0.55, 0.85, 0.55),
    ]

    static func draw(_ state: borrowing EngineState, _ figures: HUDFigures, on canvas: Canvas) {
        canvas.beginOverlay()
        let layout = HUDLayout(
            width: canvas.width, height: canvas.height, capHeight: canvas.capHeight(.hud))
        canvas.panel(
            x: layout.left, y: layout.top, width: layout.width, height: layout.height, Ink(ground, alpha: groundAlpha))
        var rows = Rows(
            canvas: canvas, left: layout.left + layout.padding, width: layout.width - 2 * layout.padding,
            line: layout.line, y: layout.top + layout.padding)
        drawSpeed(figures, &rows)
        rows.write("engine", figures.engine)
        rows.write("state", name(state.label))
        rows.write("Phi phase", state.phi.phase, decimals: 2, unit: " rad")
        rows.write("Phi depth", state.phi.depth, decimals: 3)
        rows.write("ICI", state.ici, decimals: 3, share: state.ici)
        rows.write("coherence", state.coherence, decimals: 3, share: state.coherence)
        rows.write("criticality", state.criticality, decimals: 3, share: min(state.criticality / 2, 1))
    }

    private static func drawSpeed(_ figures: HUDFigures, _ rows: inout Rows) {
        var speed = FixedText()
        if let fps = figures.fps { speed.append(fps, decimals: 1) } else { speed.append("-") }
        speed.append(" FPS")
        var level = FixedText(figures.isQualityAutomatic ? "quality auto " : "quality ")
        level.append(Double(figures.quality), decimals: 0)
        rows.write(speed, level)
        drawBar(figures, rows)
        rows.y += rows.line
        rows.write("record", figures.stages.record, decimals: 2, unit: " ms", key: stageColors[0])
        rows.write("draw", figures.stages.render, decimals: 2, unit: " ms", key: stageColors[1])
        rows.write("read back", figures.stages.readback, decimals: 2, unit: " ms", key: stageColors[2])
    }

    /// The time of a frame by stages; the whole bar is one and a half times what a frame may take, and a mark stands there.
    private static func drawBar(_ figures: HUDFigures, _ rows: Rows) {
        let canvas = rows.canvas
        let height = (rows.line * 0.5).rounded()
        let y = (rows.y + rows.line * 0.15).rounded()
        let perMillisecond = rows.width / (1.5 * max(figures.budget, 0.1))
        canvas.panel(x: rows.left, y: y, width: rows.width, height: height, .white(0.09))
        var x = rows.left
        let stages: InlineArray<3, Double> = [
            figures.stages.record, figures.stages.render, figures.stages.readback,
        ]
        for n in stages.indices {
            let end = min(x + stages[n] * perMillisecond, rows.left + rows.width)
            if end > x { canvas.panel(x: x, y: y, width: end - x, height: height, Ink(stageColors[n])) }
            x = end
        }
        let mark = rows.left + rows.width / 1.5
        canvas.panel(x: mark, y: y - 2, width: max(canvas.unit, 1), height: height + 4, .white(0.9))
    }

    private static func name(_ label: StateLabel) -> FixedText {
        var text = FixedText()
        for byte in label.name.utf8 { text.append(code: byte) }
        return text
    }

    /// Names on the left, values on the right, one under the other.
    private struct Rows {
        let canvas: Canvas
        var left: Double
        var width: Double
        let line: Double
        var y: Double

        mutating func write(_ name: FixedText, _ value: FixedText) {
            let baseline = y + canvas.capHeight(.hud)
            canvas.text(name, x: left, y: baseline, .hud, .white(0.62))
            // A value that is too long is shortened where it would run into its name.
            let room = width - canvas.textWidth(name, .hud) - 0.6 * line
            let value = canvas.shortened(value, .hud, to: room)
            canvas.text(value, x: left + width, y: baseline, .hud, .white(0.95), align: .right)
            y += line
        }

        mutating func write(_ name: StaticString, _ value: FixedText) { write(FixedText(name), value) }

        /// - Parameters:
        ///   - share: How much of a bar behind the row is filled, [0, 1].
        ///   - key: The colour that stands for the row elsewhere.
        mutating func write(
            _ name: StaticString, _ value: Double, decimals: Int, unit: StaticString = "", share: Double? = nil,
            key: LinearColor? = nil
        ) {
            if let share {
                let height = max((canvas.unit * 2).rounded(), 1)
                canvas.panel(
                    x: left, y: y + line * 0.74, width: max(width * share, 0), height: height, .white(0.35))
            }
            if let key {
                let side = (canvas.capHeight(.hud) * 0.8).rounded()
                canvas.panel(
                    x: left, y: (y + canvas.capHeight(.hud) - side).rounded(), width: side, height: side, Ink(key))
                left += 2 * side
                width -= 2 * side
            }
            var text = FixedText()
            text.append(value, decimals: decimals)
            text.append(unit)
            write(FixedText(name), text)
            if key != nil {
                let side = (canvas.capHeight(.hud) * 0.8).rounded()
                left -= 2 * side
                width += 2 * side
            }
        }
    }
}
