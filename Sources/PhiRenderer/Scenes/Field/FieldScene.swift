import PhiModel

/// The signature scene: thousands of points at the golden angle, point n at n · 137.5078° and distance c · √n, coloured by
/// channel n mod 8, which makes eight families of spiral arms. Amplitude is the size of a channel's points, its phase a wave
/// that runs outwards through them; Φ sways and swells the field, breathing widens it, coherence is its order.
struct FieldScene: Scene {
    private let lattice = FieldLattice()
    /// Every how manieth point shines.
    private static let lightStride = 21

    func draw(_ state: borrowing EngineState, on canvas: Canvas) {
        let palette = canvas.palette(state)
        let stage = Stage(canvas)
        let breathing = canvas.breathing(state)
        let motion = FieldMotion(state, breathing: breathing)
        let count = FieldLattice.count(canvas.quality)
        // Fewer points keep the same disc.
        let spread = stage.radius * (Double(FieldLattice.count) / Double(count)).squareRoot() / 1.05
        let center = SIMD2(stage.centerX, stage.centerY)
        let inks = Inks(palette)
        drawLight(state, motion, count: count, spread: spread, center, palette, canvas)
        canvas.dots(count: count) { dots in
            for n in 0..<count {
                let placed = motion.place(lattice.points[n], channel: n % 8)
                let radius = max(placed.radius * spread, 0.5 * canvas.unit)
                dots[n] = DotInstance(
                    center: SIMD2<Float>(center + placed.place * spread), radius: Float(radius),
                    color: inks.ink(n % 8, crest: placed.crest))
            }
        }
        ChannelLegend.draw(state, palette, on: canvas)
    }

    /// The colours of the points of every channel, from the trough of its wave to the crest, where they whiten. The steps
    /// keep the hue; between two of them light is mixed.
    private struct Inks {
        private static let steps = 8
        private var ramps = InlineArray<72, SIMD4<Float>>(repeating: .zero)

        init(_ palette: InlineArray<8, LinearColor>) {
            for k in palette.indices {
                let color = palette[k].lifted(to: 0.45)
                for step in 0...Self.steps {
                    let crest = Double(step) / Double(Self.steps)
                    ramps[k * (Self.steps + 1) + step] =
                        Ink(color.scaled(by: 0.42 + 0.487 * crest).whitened(0.33 * crest)).vector
                }
            }
        }

        func ink(_ channel: Int, crest: Double) -> SIMD4<Float> {
            let place = crest * Double(Self.steps)
            let step = min(Int(place), Self.steps - 1)
            let first = ramps[channel * (Self.steps + 1) + step], next = ramps[channel * (Self.steps + 1) + step + 1]
            return first + (next - first) * Float(place - Double(step))
        }
    }

    /// The glow of the field, from some of its points, and of its middle.
    private func drawLight(
        _ state: borrowing EngineState, _ motion: FieldMotion, count: Int, spread: Double, _ center: SIMD2<Double>,
        _ palette: InlineArray<8, LinearColor>, _ canvas: Canvas
    ) {
        guard canvas.isLit else { return }
        let shining = (count - 1) / Self.lightStride + 1
        canvas.lightDots(count: shining) { dots in
            for index in 0..<shining {
                let n = index * Self.lightStride
                let placed = motion.place(lattice.points[n], channel: n % 8)
                // Towards the rim, where points are few around it, light would stand as a blob.
                let inside = min((1 - Double(n) / Double(count)) / 0.45, 1)
                let strength = Float(canvas.look.glow * 0.5 * placed.crest * placed.crest * inside)
                let light = Ink(palette[n % 8], alpha: 0).vector * strength
                dots[index] = DotInstance(
                    center: SIMD2<Float>(center + placed.place * spread), radius: Float(0.09 * spread), color: light)
            }
        }
        canvas.glow(
            x: center.x, y: center.y, radius: spread * 0.5, canvas.look.accent,
            strength: 0.10 + 0.25 * state.coherence)
    }
}
