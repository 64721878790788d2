import PhiModel

/// The light around a curve.
struct CurveGlow {
    var color: LinearColor
    /// 1 shines with `color` along the middle; light has no upper bound.
    var strength: Double
    /// Where it falls off to nothing, pixels from the middle of the curve.
    var radius: Double
    /// The length of a closed curve, along which the light has no seam; pixels.
    var closedLength: Double?
}

/// Light is drawn as points that fall off to nothing, which software draws much faster than the triangles of soft strips.
extension Canvas {
    /// Whether there is light beside what is drawn.
    var isLit: Bool { quality.hasGlow && look.glow > 0 }

    private func light(_ color: LinearColor, _ strength: Double) -> SIMD4<Float> {
        Ink(color.scaled(by: strength * look.glow), alpha: 0).vector
    }

    /// Points of light of up to this radius can be drawn on every device, pixels.
    private static let largestPoint = 100.0 * Double(LightChain.divisor)

    /// Light around a point that falls off to nothing at `radius`. A strength of 1 shines with `color` in the middle; light
    /// has no upper bound.
    func glow(x: Double, y: Double, radius: Double, _ color: LinearColor, strength: Double) {
        guard isLit, strength > 0, radius > 0 else { return }
        if radius <= Self.largestPoint {
            append(x: x, y: y, radius: radius, light(color, strength))
        } else {
            list.append(
                .glow,
                ShapeInstance(
                    place: SIMD4(Float(x), Float(y), Float(radius), Float(radius)), form: SIMD4(1, 0, 0, 0),
                    color: light(color, strength), edge: .zero))
        }
    }

    private func append(x: Double, y: Double, radius: Double, _ color: SIMD4<Float>) {
        list.appendDot(
            .lightDot,
            DotInstance(
                center: SIMD2(Float(x), Float(y)), radius: Float(radius), scale: 1 / Float(LightChain.divisor),
                color: color))
    }

    /// The distance between the points of light along a line, relative to their radius.
    private static let pitch = 0.6
    /// How much of its strength a point may have, so that all together shine as one line: the pitch over ∫(1 − x²)³ dx.
    private static let share = pitch / (32.0 / 35)

    /// Light around a straight line.
    func beam(
        fromX: Double, fromY: Double, toX: Double, toY: Double, radius: Double, from: LinearColor, to: LinearColor,
        strength: Double
    ) {
        guard isLit, strength > 0, radius > 0 else { return }
        let dx = toX - fromX, dy = toY - fromY
        let steps = max(((dx * dx + dy * dy).squareRoot() / (Self.pitch * radius)).rounded(.up), 1)
        let first = light(from, strength * Self.share), last = light(to, strength * Self.share)
        for n in 0...Int(steps) {
            let t = Double(n) / steps
            append(x: fromX + dx * t, y: fromY + dy * t, radius: radius, first + (last - first) * Float(t))
        }
    }

    /// Light along a curve through `count` points.
    /// - Parameter fade: The share of the light that is left at the first point.
    func shine(along count: Int, _ glow: CurveGlow, fade: Double, _ point: (Int) -> (x: Double, y: Double)) {
        guard isLit, glow.strength > 0, glow.radius > 0, count >= 2 else { return }
        var pitch = Self.pitch * glow.radius
        if let length = glow.closedLength { pitch = length / max((length / pitch).rounded(.up), 1) }
        let color = light(glow.color, glow.strength * Self.share * pitch / (Self.pitch * glow.radius))
        var last = point(0)
        // How far it is to the next point of light.
        var rest = 0.5 * pitch
        for n in 1..<count {
            let next = point(n)
            let dx = next.x - last.x, dy = next.y - last.y
            let length = (dx * dx + dy * dy).squareRoot()
            while rest <= length, length > 0 {
                let t = rest / length
                let along = (Double(n - 1) + t) / Double(count - 1)
                append(
                    x: last.x + dx * t, y: last.y + dy * t, radius: glow.radius,
                    color * Float(fade + (1 - fade) * along))
                rest += pitch
            }
            rest -= length
            last = next
        }
    }

    /// `count` points of light that `fill` writes; each falls off to nothing at its radius.
    func lightDots(count: Int, _ fill: (UnsafeMutableBufferPointer<DotInstance>) -> Void) {
        guard isLit else { return }
        list.appendDots(.lightDot, count: count) { dots in
            fill(dots)
            for n in dots.indices { dots[n].scale = 1 / Float(LightChain.divisor) }
        }
    }
}
