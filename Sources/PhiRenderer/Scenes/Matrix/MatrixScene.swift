import PhiModel

/// The 8×8 Φ-matrix as a heat map: sign by hue, magnitude by light, with the channels on both axes and themselves on the
/// diagonal.
struct MatrixScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let layout = MatrixLayout(canvas)
        let palette = canvas.palette(state)
        for row in 0..<EngineState.channelCount {
            for column in 0..<EngineState.channelCount where row != column {
                drawCell(state, row, column, layout, canvas)
            }
        }
        for k in 0..<EngineState.channelCount {
            canvas.ring(
                x: layout.x(k) + layout.side / 2, y: layout.y(k) + layout.side / 2, radius: layout.orbit,
                width: max(canvas.unit, 1), .white(0.10))
        }
        for k in 0..<EngineState.channelCount { drawChannel(k, state.channels[k], palette[k], layout, canvas) }
        drawAxes(state, palette, layout, canvas)
        if canvas.width >= 1.35 * canvas.height { drawScale(state, layout, canvas) }
    }

    private func drawCell(
        _ state: borrowing EngineState, _ row: Int, _ column: Int, _ layout: MatrixLayout, _ canvas: Canvas
    ) {
        let coupling = state.coupling[row, column]
        let color = MatrixColor.of(coupling)
        let x = layout.x(column), y = layout.y(row), side = layout.side
        canvas.shade(x: x, y: y, width: side, height: side, top: color, bottom: color.scaled(by: 0.86))
        let strength = abs(coupling)
        // What is drawn as a link elsewhere shines here.
        if strength >= CouplingLink.threshold {
            canvas.glow(
                x: x + side / 2, y: y + side / 2, radius: side * 0.85, color, strength: 1.2 * strength * state.coherence
            )
        }
        guard layout.hasNumbers else { return }
        var text = FixedText()
        text.append(signed: coupling, decimals: 2)
        let luminance = 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue
        let isLight = luminance > 0.18
        canvas.label(
            text, x: x + side / 2, y: y + side / 2 + canvas.capHeight(.small) / 2, .small,
            isLight
                ? Ink(Self.dark)
                :  // Small values stand back.
                .white(0.3 + 0.6 * min(2 * strength, 1)), align: .center)
    }

    /// The channel itself: a disc of its colour, as large as its amplitude.
    private func drawChannel(
        _ k: Int, _ channel: ChannelState, _ color: LinearColor, _ layout: MatrixLayout, _ canvas: Canvas
    ) {
        let x = layout.x(k) + layout.side / 2, y = layout.y(k) + layout.side / 2
        let amplitude = channel.audibleAmplitude
        guard amplitude > 0 else { return }
        let radius = layout.side * (0.10 + 0.28 * amplitude)
        canvas.glow(x: x, y: y, radius: layout.side * 1.1, color, strength: 0.9 * amplitude)
        canvas.disc(x: x, y: y, radius: radius, Ink(color))
        let hand = Angle2D(radians: channel.phase)
        canvas.disc(
            x: x + hand.cosine * layout.orbit, y: y - hand.sine * layout.orbit,
            radius: max(2.6 * canvas.unit, 1.2), .white(0.9))
    }

    private func drawAxes(
        _ state: borrowing EngineState, _ palette: InlineArray<8, LinearColor>, _ layout: MatrixLayout,
        _ canvas: Canvas
    ) {
        guard canvas.look.hasLabels else { return }
        let gap = 12 * canvas.unit
        let cap = canvas.capHeight(.body)
        for k in 0..<EngineState.channelCount {
            let ink = Ink(palette[k].lifted(to: 0.5).mixed(with: Ink.white, 0.35))
            // The number alone where names would touch each other.
            let name = canvas.capHeight(.body) * 3.6 < layout.pitch ? ChannelLabel.name(k) : ChannelLabel.number(k)
            let middleX = layout.x(k) + layout.side / 2, middleY = layout.y(k) + layout.side / 2
            canvas.label(name, x: middleX, y: layout.top - gap, .body, ink, align: .center)
            canvas.label(name, x: layout.left - gap, y: middleY + cap / 2, .body, ink, align: .right)
        }
    }

    /// What the colours mean, and what the matrix amounts to.
    private func drawScale(_ state: borrowing EngineState, _ layout: MatrixLayout, _ canvas: Canvas) {
        guard canvas.look.hasLabels else { return }
        let unit = canvas.unit
        let x = layout.x(7) + layout.side + 40 * unit
        let width = max(12 * unit, 4).rounded(), steps = 16
        let top = layout.top, height = layout.pitch * 8 - (layout.pitch - layout.side)
        for n in 0..<steps {
            let from = 1 - 2 * Double(n) / Double(steps), to = 1 - 2 * Double(n + 1) / Double(steps)
            canvas.shade(
                x: x, y: top + height * Double(n) / Double(steps), width: width, height: height / Double(steps),
                top: MatrixColor.of(from), bottom: MatrixColor.of(to))
        }
        let cap = canvas.capHeight(.small)
        for step in 0...4 {
            let place = Double(step) / 4, value = 1 - 2 * place
            var text = FixedText()
            text.append(signed: value, decimals: 1)
            canvas.label(
                text, x: x + width + 10 * unit, y: top + height * place + cap * (1 - place), .small, .white(0.55))
        }
    }

    private static let dark = LinearColor(red: 0.004, green: 0.004, blue: 0.008)
}
