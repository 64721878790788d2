import PhiModel

/// Eight nodes on a ring, the couplings between them as links, and the symmetry ring around them.
struct TopologyScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let layout = TopologyLayout(width: canvas.width, height: canvas.height)
        let palette = canvas.palette(state)
        drawSymmetryRing(state, layout, canvas)
        if canvas.quality.hasLinks { drawLinks(state, layout, palette, canvas) }
        drawNodes(state, layout, palette, canvas)
        drawReadout(state, canvas)
    }

    /// A ring that closes as ICI nears its ideal of 0.5.
    private func drawSymmetryRing(_ state: borrowing EngineState, _ layout: TopologyLayout, _ canvas: Canvas) {
        let score = Synchrony.symmetryScore(ici: state.ici)
        let width = max(2.5 * canvas.unit, 1)
        canvas.ring(
            x: layout.centerX, y: layout.centerY, radius: layout.symmetryRadius, width: max(canvas.unit, 1),
            .white(0.05))
        canvas.arc(
            x: layout.centerX, y: layout.centerY, radius: layout.symmetryRadius, width: width,
            middle: -.pi / 2, extent: score * Angle.turn,
            Ink(canvas.look.accent, alpha: 0.35 + 0.65 * score),
            glow: CurveGlow(
                color: canvas.look.accent, strength: 0.04 + 0.14 * score, radius: 18 * canvas.unit))
    }

    private func drawLinks(
        _ state: borrowing EngineState, _ layout: TopologyLayout, _ palette: InlineArray<8, LinearColor>,
        _ canvas: Canvas
    ) {
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                guard let link = CouplingLink(i, j, in: state) else { continue }
                let from = layout.node(i), to = layout.node(j)
                // Opposed channels stand back: their link is pale, that of aligned ones has the colours of both.
                let tint = link.coupling > 0 ? 0.0 : 0.75
                let pale = LinearColor(sRGB: 0.55, 0.60, 0.72)
                let alpha = 0.16 + 0.74 * link.strength
                canvas.beam(
                    fromX: from.x, fromY: from.y, toX: to.x, toY: to.y,
                    radius: layout.linkWidth(coupling: link.coupling) + 8 * canvas.unit,
                    from: palette[i].mixed(with: pale, tint), to: palette[j].mixed(with: pale, tint),
                    strength: 0.45 * link.strength)
                canvas.line(
                    fromX: from.x, fromY: from.y, toX: to.x, toY: to.y,
                    width: layout.linkWidth(coupling: link.coupling),
                    from: Ink(palette[i].lifted(to: 0.6).mixed(with: pale, tint), alpha: alpha),
                    to: Ink(palette[j].lifted(to: 0.6).mixed(with: pale, tint), alpha: alpha))
            }
        }
    }

    private func drawNodes(
        _ state: borrowing EngineState, _ layout: TopologyLayout, _ palette: InlineArray<8, LinearColor>,
        _ canvas: Canvas
    ) {
        for k in 0..<EngineState.channelCount {
            let amplitude = state.channels[k].audibleAmplitude
            let (x, y) = layout.node(k)
            let radius = layout.nodeRadius(amplitude: amplitude)
            canvas.glow(x: x, y: y, radius: radius * 3.2, palette[k], strength: 0.3 + 1.6 * amplitude)
        }
        // One kind of shape after the other: changing between them is what costs.
        let rim = max(2 * canvas.unit, 1)
        for k in 0..<EngineState.channelCount {
            let (x, y) = layout.node(k)
            let radius = layout.nodeRadius(amplitude: state.channels[k].audibleAmplitude)
            canvas.disc(x: x, y: y, radius: radius, Ink(LinearColor(red: 0.004, green: 0.004, blue: 0.007)))
            canvas.disc(x: x, y: y, radius: radius - rim, Ink(palette[k]))
        }
        for k in 0..<EngineState.channelCount {
            let (x, y) = layout.node(k)
            let radius = layout.nodeRadius(amplitude: state.channels[k].audibleAmplitude)
            canvas.ring(
                x: x, y: y, radius: radius - rim / 2, width: rim, Ink(palette[k].mixed(with: Ink.white, 0.45)))
        }
        for k in 0..<EngineState.channelCount {
            let channel = state.channels[k]
            let (x, y) = layout.node(k)
            let extent = (Angle.turn * channel.frequency / 8).clamped(to: 0.5...3)
            canvas.trail(
                x: x, y: y, radius: layout.orbit(amplitude: channel.audibleAmplitude),
                width: max(2.4 * canvas.unit, 1), end: -channel.phase, extent: -extent, .white(0.7))
        }
        for k in 0..<EngineState.channelCount {
            let channel = state.channels[k]
            let (x, y) = layout.node(k)
            // The phase as a hand that runs around the node.
            let hand = Angle2D(radians: channel.phase)
            let orbit = layout.orbit(amplitude: channel.audibleAmplitude)
            canvas.disc(
                x: x + hand.cosine * orbit, y: y - hand.sine * orbit, radius: max(2.6 * canvas.unit, 1.2), .white(0.9))
            drawLabel(k, channel, layout, canvas)
        }
    }

    /// Name and frequency, outside of the symmetry ring.
    private func drawLabel(_ k: Int, _ channel: ChannelState, _ layout: TopologyLayout, _ canvas: Canvas) {
        let direction = layout.direction(k)
        let cap = canvas.capHeight(.body), lineHeight = cap * 1.75
        // Two lines of text, pushed out until their box clears the ring.
        let distance = layout.symmetryRadius + 12 * canvas.unit + lineHeight * abs(direction.sine) * 0.8
        let labelX = layout.centerX + direction.cosine * distance
        let labelY = layout.centerY + direction.sine * distance + cap / 2 - lineHeight / 2
        let align: TextAlignment =
            abs(direction.cosine) < 0.2 ? .center : direction.cosine > 0 ? .left : .right
        canvas.label(ChannelLabel.name(k), x: labelX, y: labelY, .body, .white(0.92), align: align)
        canvas.label(
            ChannelLabel.frequency(channel.frequency), x: labelX, y: labelY + lineHeight, .small, .white(0.5),
            align: align)
    }

    /// The metrics that the picture shows, as numbers.
    private func drawReadout(_ state: borrowing EngineState, _ canvas: Canvas) {
        let margin = 28 * canvas.unit
        let line = canvas.capHeight(.small) * 2.3
        var y = margin + canvas.capHeight(.large)
        var label = FixedText()
        for byte in state.label.name.utf8 { label.append(code: byte) }
        canvas.label(label, x: margin, y: y, .large, Ink(canvas.look.accent, alpha: 0.95))
        y += line * 1.25
        drawLine("ICI ", state.ici, x: margin, y: y, canvas)
        drawLine("coherence ", state.coherence, x: margin, y: y + line, canvas)
        drawLine("criticality ", state.criticality, x: margin, y: y + 2 * line, canvas)
    }

    private func drawLine(_ name: StaticString, _ value: Double, x: Double, y: Double, _ canvas: Canvas) {
        var text = FixedText(name)
        text.append(value, decimals: 2)
        canvas.label(text, x: x, y: y, .small, .white(0.6))
    }
}
