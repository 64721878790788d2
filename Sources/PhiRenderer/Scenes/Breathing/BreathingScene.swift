import PhiModel

/// Concentric rings of light, one a channel, whose radii breathe with Φ. A bead runs on each at the channel's phase.
struct BreathingScene: Scene {
    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let palette = canvas.palette(state)
        let breathing = canvas.breathing(state)
        let layout = BreathingLayout(Stage(canvas), breathing: breathing)
        drawHeart(state, breathing, layout, canvas)
        for k in 0..<EngineState.channelCount { drawRing(k, state.channels[k], palette[k], layout, canvas) }
        for k in 0..<EngineState.channelCount { drawBead(k, state.channels[k], palette[k], layout, canvas) }
        ChannelLegend.draw(state, palette, on: canvas)
    }

    /// The middle: Φ itself, as wide as it is deep, with a hand at its phase.
    private func drawHeart(
        _ state: borrowing EngineState, _ breathing: Double, _ layout: BreathingLayout, _ canvas: Canvas
    ) {
        let stage = layout.stage
        let depth = state.phi.depth / GoldenRatio.phi
        let radius = layout.radius(0) * (0.16 + 0.34 * depth)
        let accent = canvas.look.accent
        canvas.glow(
            x: stage.centerX, y: stage.centerY, radius: layout.radius(1) * 1.1, accent,
            strength: 0.25 + 0.5 * depth * breathing)
        canvas.disc(
            x: stage.centerX, y: stage.centerY, radius: radius, Ink(accent.scaled(by: 0.5 + 0.5 * breathing)))
        let hand = Angle2D(radians: state.phi.phase)
        let orbit = radius + 7 * canvas.unit
        canvas.trail(
            x: stage.centerX, y: stage.centerY, radius: orbit, width: max(2 * canvas.unit, 1),
            end: -state.phi.phase, extent: -1.6, Ink(accent, alpha: 0.8))
        canvas.disc(
            x: stage.centerX + hand.cosine * orbit, y: stage.centerY - hand.sine * orbit,
            radius: max(3 * canvas.unit, 1.2), Ink(accent.mixed(with: Ink.white, 0.6)))
    }

    private func drawRing(
        _ k: Int, _ channel: ChannelState, _ color: LinearColor, _ layout: BreathingLayout, _ canvas: Canvas
    ) {
        let stage = layout.stage
        let amplitude = channel.audibleAmplitude
        let radius = layout.radius(k), gap = layout.halfGap
        let width = ringWidth(amplitude, canvas)
        canvas.ring(
            x: stage.centerX, y: stage.centerY, radius: radius, width: width, Ink(color),
            glow: CurveGlow(color: color, strength: 0.3 + 0.5 * amplitude, radius: gap * (1 + 1.4 * amplitude)))
        guard amplitude > 0 else { return }
        // A faster channel has the longer trail: where its bead was an eighth of a second ago.
        let extent = (Angle.turn * channel.frequency / 8).clamped(to: 0.35...2.4)
        canvas.trail(
            x: stage.centerX, y: stage.centerY, radius: radius, width: width, end: -channel.phase, extent: -extent,
            Ink(bright(color), alpha: 0.9))
    }

    private func ringWidth(_ amplitude: Double, _ canvas: Canvas) -> Double {
        max(canvas.unit * (1.5 + 9 * amplitude), 1)
    }

    private func bright(_ color: LinearColor) -> LinearColor { color.lifted(to: 0.75).mixed(with: Ink.white, 0.35) }

    private func drawBead(
        _ k: Int, _ channel: ChannelState, _ color: LinearColor, _ layout: BreathingLayout, _ canvas: Canvas
    ) {
        let amplitude = channel.audibleAmplitude
        guard amplitude > 0 else { return }
        let stage = layout.stage
        let radius = layout.radius(k)
        let hand = Angle2D(radians: channel.phase)
        let x = stage.centerX + hand.cosine * radius, y = stage.centerY - hand.sine * radius
        canvas.glow(x: x, y: y, radius: layout.halfGap * 1.5, color.lifted(to: 0.8), strength: 0.8)
        let beadRadius = max(ringWidth(amplitude, canvas) * 0.5 + 2.5 * canvas.unit, 1.5)
        canvas.disc(x: x, y: y, radius: beadRadius, Ink(bright(color)))
    }
}
