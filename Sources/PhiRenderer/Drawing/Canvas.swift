import Glibc
import PhiModel

/// What scenes draw on. Lengths are pixels of the finished picture, y downwards; colours are linear.
struct Canvas {
    /// The size of the finished picture.
    let width: Double
    let height: Double
    /// The size of small things: 1 where the shorter side is 720 pixels.
    let unit: Double
    let quality: QualityLevel
    /// Pixels of the target that a pixel of the finished picture is wide.
    let pixelScale: Double
    let look: Look
    let list: DrawList
    private let atlas: GlyphAtlas

    init(
        width: Int, height: Int, quality: QualityLevel, pixelScale: Double, look: Look, list: DrawList,
        atlas: GlyphAtlas
    ) {
        self.width = Double(width)
        self.height = Double(height)
        unit = Double(min(width, height)) / 720
        self.quality = quality
        self.pixelScale = pixelScale
        self.look = look
        self.list = list
        self.atlas = atlas
    }

    /// A filled rectangle with round corners, shaded from `top` to `bottom`.
    func box(
        x: Double, y: Double, width: Double, height: Double, radius: Double, top: Ink, bottom: Ink
    ) {
        list.append(
            .box,
            ShapeInstance(
                place: SIMD4(Float(x + width / 2), Float(y + height / 2), Float(width / 2), Float(height / 2)),
                form: SIMD4(1, 0, 0, Float(min(radius, min(width, height) / 2))), color: top.vector,
                edge: quality.hasGradients ? bottom.vector : top.vector))
    }

    /// A rectangle over everything that scenes draw, under the text.
    func panel(x: Double, y: Double, width: Double, height: Double, _ ink: Ink) {
        box(x: x, y: y, width: width, height: height, radius: min(3 * unit, height / 2), top: ink, bottom: ink)
    }

    /// A bar that is filled from the left by `share`, [0, 1].
    func bar(
        x: Double, y: Double, width: Double, height: Double, share: Double, _ ink: Ink, track: Ink
    ) {
        box(x: x, y: y, width: width, height: height, radius: height / 2, top: track, bottom: track)
        guard share > 0 else { return }
        box(
            x: x, y: y, width: max(width * share, height), height: height, radius: height / 2, top: ink, bottom: ink)
    }

    /// A rectangle with hard edges on whole pixels, shaded from `top` to `bottom`.
    func shade(x: Double, y: Double, width: Double, height: Double, top: LinearColor, bottom: LinearColor) {
        let left = x.rounded(), upper = y.rounded()
        fill(
            x: left, y: upper, width: (x + width).rounded() - left, height: (y + height).rounded() - upper,
            top: Ink(top), bottom: Ink(bottom))
    }

    /// A filled rectangle with hard edges on whole pixels, shaded from `top` to `bottom`, both opaque.
    func fill(x: Double, y: Double, width: Double, height: Double, top: Ink, bottom: Ink) {
        guard width > 0, height > 0 else { return }
        list.append(
            .fill,
            ShapeInstance(
                place: SIMD4(Float(x + width / 2), Float(y + height / 2), Float(width / 2), Float(height / 2)),
                form: SIMD4(1, 0, -1, 0), color: top.vector, edge: bottom.vector))
    }

    /// A filled circle.
    func disc(x: Double, y: Double, radius: Double, _ ink: Ink) {
        box(
            x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, radius: radius, top: ink,
            bottom: ink)
    }

    /// The outline of a circle; `width` lies half inside and half outside of `radius`.
    func ring(x: Double, y: Double, radius: Double, width: Double, _ ink: Ink, glow: CurveGlow? = nil) {
        guard radius < Self.largestQuadRadius, glow == nil else {
            return curvedStroke(
                x: x, y: y, radius: radius, width: width, from: 0, to: Angle.turn, ink, fade: 1, glow: glow)
        }
        list.append(
            .ring,
            ShapeInstance(
                place: SIMD4(Float(x), Float(y), Float(radius), Float(radius)), form: SIMD4(1, 0, Float(width), 0),
                color: ink.vector, edge: .zero))
    }

    /// Circles from this radius on are drawn as strips along their outline: a quad would be mostly empty.
    private static let largestQuadRadius = 48.0

    /// A part of a circle's outline as a strip, from one direction (radians, clockwise from the right) to another.
    private func curvedStroke(
        x: Double, y: Double, radius: Double, width: Double, from: Double, to: Double, _ ink: Ink, fade: Double,
        glow: CurveGlow?
    ) {
        // As many pieces as keep the strip close to the circle.
        let step = 2 * acos(1 - Self.tolerance / max(radius, 1))
        let count = min(Int((abs(to - from) / step).rounded(.up)) + 2, 720)
        var glow = glow
        if to - from >= Angle.turn { glow?.closedLength = Angle.turn * radius }
        curve(count: count, width: width, ink, fade: fade, glow: glow) { n in
            let d = Angle2D(radians: from + (to - from) * Double(n) / Double(count - 1))
            return (x + radius * d.cosine, y + radius * d.sine)
        }
    }

    /// A part of a circle's outline, `extent` radians long, its middle in direction `middle` (radians, clockwise from the
    /// right).
    func arc(
        x: Double, y: Double, radius: Double, width: Double, middle: Double, extent: Double, _ ink: Ink,
        glow: CurveGlow? = nil
    ) {
        guard extent > 0 else { return }
        let half = min(extent, Angle.turn) / 2
        curvedStroke(
            x: x, y: y, radius: radius, width: width, from: middle - half, to: middle + half, ink, fade: 1, glow: glow)
    }

    /// What a point that runs along a circle leaves behind: a part of the outline that ends at direction `end` (radians,
    /// clockwise from the right) in full ink and vanishes `extent` radians before; a negative extent runs the other way.
    func trail(
        x: Double, y: Double, radius: Double, width: Double, end: Double, extent: Double, _ ink: Ink
    ) {
        guard quality.hasTrails, look.trails > 0, extent != 0 else { return }
        curvedStroke(
            x: x, y: y, radius: radius, width: width, from: end - extent * look.trails, to: end, ink, fade: 0,
            glow: nil)
    }

    /// A straight line with round ends, shaded from one end to the other.
    func line(
        fromX: Double, fromY: Double, toX: Double, toY: Double, width: Double, from: Ink, to: Ink
    ) {
        let dx = toX - fromX, dy = toY - fromY
        let length = (dx * dx + dy * dy).squareRoot()
        let cosine = length > 0 ? dx / length : 1, sine = length > 0 ? dy / length : 0
        list.append(
            .line,
            ShapeInstance(
                place: SIMD4(
                    Float((fromX + toX) / 2), Float((fromY + toY) / 2), Float((length + width) / 2),
                    Float(width / 2)),
                form: SIMD4(Float(cosine), Float(sine), 0, 0), color: from.vector, edge: to.vector))
    }

    /// A curve through `count` points.
    /// - Parameters:
    ///   - fade: The share of the ink that is left at the first point, [0, 1]: less than 1 for a trail.
    ///   - glow: The light around it.
    func curve(
        count: Int, width: Double, _ ink: Ink, fade: Double = 1, glow: CurveGlow? = nil,
        _ point: (Int) -> (x: Double, y: Double)
    ) {
        list.appendRibbon(
            count: count, tolerance: Float(Self.tolerance), color: ink.vector, halfWidth: Float(width / 2),
            fade: Float(fade)
        ) { n in
            let (x, y) = point(n)
            return SIMD2(Float(x), Float(y))
        }
        if let glow { shine(along: count, glow, fade: fade, point) }
    }

    /// By how much a curve may be off, pixels.
    private static let tolerance = 0.1

    /// `count` small discs that `fill` writes.
    func dots(count: Int, _ fill: (UnsafeMutableBufferPointer<DotInstance>) -> Void) {
        list.appendDots(.dot, count: count) { dots in
            fill(dots)
            let scale = Float(pixelScale)
            for n in dots.indices { dots[n].scale = scale }
        }
    }

    /// What follows is drawn over everything that came before.
    func beginOverlay() { list.beginOverlay() }

    /// Makes the ground one colour.
    func fillGround() { list.isFlat = true }

    /// A line of text that names what is drawn; left out where the look has no labels.
    func label(
        _ text: FixedText, x: Double, y: Double, _ style: TextStyle, _ ink: Ink, align: TextAlignment = .left
    ) {
        if look.hasLabels { self.text(text, x: x, y: y, style, ink, align: align) }
    }

    /// A line of text. `x` is its left end, its middle or its right end, `y` its baseline.
    func text(
        _ text: FixedText, x: Double, y: Double, _ style: TextStyle, _ ink: Ink, align: TextAlignment = .left
    ) {
        // Secondary text that would have to be drawn larger than its place is left out of very small pictures.
        guard style != .small || unit >= Self.smallestUnitForSmallText else { return }
        let face = atlas.face(style)
        var pen =
            switch align {
            case .left: x
            case .center: x - face.width(of: text) / 2
            case .right: x - face.width(of: text)
            }
        pen.round()
        let baseline = y.rounded()
        for n in 0..<text.count {
            let glyph = face.glyph(text[n])
            if glyph.width > 0 {
                let left = pen + glyph.bearingX, top = baseline - glyph.bearingY
                list.appendGlyph(
                    ShapeInstance(
                        place: SIMD4(
                            Float(left + glyph.width / 2), Float(top + glyph.height / 2), Float(glyph.width / 2),
                            Float(glyph.height / 2)),
                        form: SIMD4(0, 0, Float(glyph.atlasX), Float(glyph.atlasY)), color: ink.vector, edge: .zero
                    ))
            }
            pen += glyph.advance
        }
    }

    /// How wide a line of text is, pixels.
    func textWidth(_ text: FixedText, _ style: TextStyle) -> Double { atlas.face(style).width(of: text) }

    /// The text, or as much of it as has room in `width` pixels with three dots behind it.
    func shortened(_ text: FixedText, _ style: TextStyle, to width: Double) -> FixedText {
        atlas.face(style).shortened(text, to: width)
    }

    /// The breathing that is drawn, [0, 1]: still where quality or colour rule have none.
    func breathing(_ state: borrowing EngineState) -> Double {
        quality.breathes && look.colors.breathes ? state.breathing : 0.5
    }

    /// The colours of the channels.
    func palette(_ state: borrowing EngineState) -> InlineArray<8, LinearColor> {
        ChannelColor.palette(state, breathing: breathing(state), rule: look.colors)
    }

    private static let smallestUnitForSmallText = 0.45

    /// The height of a capital letter in a style, pixels.
    func capHeight(_ style: TextStyle) -> Double { atlas.face(style).capHeight }
}

enum TextAlignment {
    case left, center, right
}
