import PhiModel

/// Eight lanes of waveform, the envelope of Φ across them with its phase marker, and a bar of amplitude a lane.
struct WaveformScene: Scene {
    private static let envelopePoints = 193
    /// Of the lanes, at least: three times and more what the grounds of the presets have.
    private static let laneLuminance = 0.155

    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let layout = WaveformLayout(width: canvas.width, height: canvas.height)
        let palette = canvas.palette(state)
        drawLanes(state, layout, palette, canvas)
        drawWaveforms(state, layout, palette, canvas)
        drawEnvelope(state, layout, canvas)
    }

    private func drawLanes(
        _ state: borrowing EngineState, _ layout: WaveformLayout, _ palette: InlineArray<8, LinearColor>,
        _ canvas: Canvas
    ) {
        let hairline = max(canvas.unit, 1)
        let margin = 26 * canvas.unit
        let barLeft = layout.right + 22 * canvas.unit, barRight = canvas.width - margin
        let barHeight = max(6 * canvas.unit, 2)
        for k in 0..<EngineState.channelCount {
            let y = layout.laneY(k)
            canvas.line(
                fromX: layout.left, fromY: y, toX: layout.right, toY: y, width: hairline, from: .white(0.035),
                to: .white(0.035))
        }
        for k in 0..<EngineState.channelCount {
            let y = layout.laneY(k)
            let channel = state.channels[k]
            let cap = canvas.capHeight(.body)
            canvas.label(
                ChannelLabel.name(k), x: margin, y: y - cap * 0.25, .body,
                .white(channel.audibleAmplitude > 0 ? 0.92 : 0.4))
            canvas.label(
                ChannelLabel.frequency(channel.frequency), x: margin, y: y + cap * 1.35, .small, .white(0.5))
            canvas.box(
                x: barLeft, y: y - barHeight / 2, width: barRight - barLeft, height: barHeight,
                radius: barHeight / 2, top: .white(0.03), bottom: .white(0.03))
            let filled = (barRight - barLeft) * channel.audibleAmplitude
            if filled > 0 {
                canvas.box(
                    x: barLeft, y: y - barHeight / 2, width: max(filled, barHeight), height: barHeight,
                    radius: barHeight / 2, top: Ink(palette[k]), bottom: Ink(palette[k]))
            }
        }
    }

    private func drawWaveforms(
        _ state: borrowing EngineState, _ layout: WaveformLayout, _ palette: InlineArray<8, LinearColor>,
        _ canvas: Canvas
    ) {
        let last = Double(Waveforms.length - 1)
        let width = max(2.4 * canvas.unit, 1)
        state.waveforms.withSamples { samples in
            for k in 0..<EngineState.channelCount {
                let y = layout.laneY(k)
                canvas.curve(
                    count: Waveforms.length, width: width,
                    Ink(palette[k].lifted(to: 0.42).readable(luminance: Self.laneLuminance)),
                    fade: canvas.quality.hasTrails ? 1 - 0.8 * canvas.look.trails : 1,
                    glow: CurveGlow(color: palette[k], strength: 0.6, radius: 15 * canvas.unit)
                ) { n in
                    (
                        layout.x(Double(n) / last),
                        y - Double(samples[k * Waveforms.length + n]) * layout.laneReach
                    )
                }
            }
        }
    }

    private func drawEnvelope(_ state: borrowing EngineState, _ layout: WaveformLayout, _ canvas: Canvas) {
        let phi = state.phi
        canvas.curve(
            count: Self.envelopePoints, width: max(2.5 * canvas.unit, 1), Ink(canvas.look.accent, alpha: 0.85),
            glow: CurveGlow(color: canvas.look.accent, strength: 0.18, radius: 26 * canvas.unit)
        ) { n in
            let position = Double(n) / Double(Self.envelopePoints - 1)
            return (layout.x(position), layout.envelopeY(phi.envelope(at: position)))
        }
        let marker = phi.phase / Angle.turn
        let x = layout.x(marker), y = layout.envelopeY(phi.envelope(at: marker))
        canvas.line(
            fromX: x, fromY: layout.top, toX: x, toY: layout.bottom, width: max(canvas.unit, 1),
            from: Ink(canvas.look.accent, alpha: 0.22), to: Ink(canvas.look.accent, alpha: 0.22))
        canvas.glow(x: x, y: y, radius: 26 * canvas.unit, canvas.look.accent, strength: 0.55)
        canvas.disc(x: x, y: y, radius: max(5.5 * canvas.unit, 2), Ink(canvas.look.accent.mixed(with: Ink.white, 0.5)))
    }
}
