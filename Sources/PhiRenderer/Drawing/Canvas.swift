import PhiModel

/// What scenes draw on. Lengths are pixels of the finished picture, y downwards; colours are linear.
struct Canvas {
    /// The size of the finished picture.
    let width: Double
    let height: Double
    /// The size of small things: 1 where the shorter side is 720 pixels.
    let unit: Double
    let quality: QualityLevel
    private let list: DrawList
    private let atlas: GlyphAtlas

    init(width: Int, height: Int, quality: QualityLevel, list: DrawList, atlas: GlyphAtlas) {
        self.width = Double(width)
        self.height = Double(height)
        unit = Double(min(width, height)) / 720
        self.quality = quality
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

    /// A filled circle.
    func disc(x: Double, y: Double, radius: Double, _ ink: Ink) {
        box(
            x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, radius: radius, top: ink,
            bottom: ink)
    }

    /// The outline of a circle; `width` lies half inside and half outside of `radius`.
    func ring(x: Double, y: Double, radius: Double, width: Double, _ ink: Ink) {
        list.append(
            .ring,
            ShapeInstance(
                place: SIMD4(Float(x), Float(y), Float(radius), Float(radius)), form: SIMD4(1, 0, Float(width), 0),
                color: ink.vector, edge: .zero))
    }

    /// A part of a circle's outline with round ends, `extent` radians long, its middle in direction `middle`.
    func arc(x: Double, y: Double, radius: Double, width: Double, middle: Angle2D, extent: Double, _ ink: Ink) {
        let half = Angle2D(radians: (extent / 2).clamped(to: 0...Double.pi))
        list.append(
            .arc,
            ShapeInstance(
                place: SIMD4(Float(x), Float(y), Float(radius), Float(radius)),
                form: SIMD4(Float(middle.cosine), Float(middle.sine), Float(width), 0), color: ink.vector,
                edge: SIMD4(Float(half.sine), Float(half.cosine), 0, 0)))
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
                    Float((fromX + toX) / 2), Float((fromY + toY) / 2), Float(length / 2), Float(width / 2)),
                // The quad needs room for the round ends.
                form: SIMD4(Float(cosine), Float(sine), Float(width / 2), 0), color: from.vector, edge: to.vector))
    }

    /// Light around a point that falls off to nothing at `radius`.
    func glow(x: Double, y: Double, radius: Double, _ color: LinearColor, strength: Double) {
        guard quality.hasGlow else { return }
        list.append(
            .glow,
            ShapeInstance(
                place: SIMD4(Float(x), Float(y), Float(radius), Float(radius)), form: SIMD4(1, 0, 0, 0),
                color: Ink(color.scaled(by: strength), alpha: 0).vector, edge: .zero))
    }

    /// A curve through `count` points, with light around it where `glowRadius` is not 0.
    func curve(
        count: Int, width: Double, glowRadius: Double, _ ink: Ink, _ point: (Int) -> (x: Double, y: Double)
    ) {
        list.appendRibbon(
            count: count, color: ink.vector, halfWidth: Float(width / 2), glowRadius: quality.hasGlow ? Float(glowRadius) : 0
        ) { n in
            let (x, y) = point(n)
            return SIMD2(Float(x), Float(y))
        }
    }

    /// A line of text. `x` is its left end, its middle or its right end, `y` its baseline.
    func text(
        _ text: FixedText, x: Double, y: Double, _ style: TextStyle, _ ink: Ink, align: TextAlignment = .left
    ) {
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

    /// The colours of the channels, still where the quality has no breathing.
    func palette(_ state: borrowing EngineState) -> InlineArray<8, LinearColor> {
        ChannelColor.palette(state, breathing: quality.breathes ? state.breathing : 0.5)
    }

    /// The height of a capital letter in a style, pixels.
    func capHeight(_ style: TextStyle) -> Double { atlas.face(style).capHeight }
}

enum TextAlignment {
    case left, center, right
}
