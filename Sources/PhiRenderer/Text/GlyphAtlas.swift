import CFreeType

/// The glyphs of every text style, rasterised at the size they are drawn, side by side in one 8-bit image.
final class GlyphAtlas {
    /// One glyph: lengths in pixels.
    struct Glyph: BitwiseCopyable {
        var atlasX = 0, atlasY = 0
        var width = 0.0, height = 0.0
        /// From the pen to the left edge, and from the baseline up to the top edge.
        var bearingX = 0.0, bearingY = 0.0
        var advance = 0.0
    }

    /// The glyphs of one style.
    struct Face {
        /// The height of a capital letter, pixels.
        fileprivate(set) var capHeight = 0.0
        fileprivate var glyphs = [Glyph](repeating: Glyph(), count: 128)

        func glyph(_ code: UInt8) -> Glyph { glyphs[Int(code & 127)] }

        func width(of text: FixedText) -> Double {
            var sum = 0.0
            for n in 0..<text.count { sum += glyph(text[n]).advance }
            return sum
        }

        /// The text, or as much of it as has room in `width` pixels with three dots behind it.
        func shortened(_ text: FixedText, to width: Double) -> FixedText {
            guard self.width(of: text) > width else { return text }
            var count = text.count
            var result = text
            while count > 0 {
                count -= 1
                result = text.prefix(count)
                result.append("...")
                if self.width(of: result) <= width { break }
            }
            return result
        }
    }

    let width: Int
    let height: Int
    /// Coverage, one byte a pixel, row after row.
    let pixels: [UInt8]
    private let faces: [Face]

    func face(_ style: TextStyle) -> Face { faces[style.rawValue] }

    /// - Parameter unit: The factor by which the sizes of `TextStyle` are multiplied.
    init(fontPath: String, unit: Double) throws(RendererError) {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else { throw .unreadableFont(fontPath) }
        defer { FT_Done_FreeType(library) }
        var font: FT_Face?
        guard FT_New_Face(library, fontPath, 0, &font) == 0, let font else { throw .unreadableFont(fontPath) }
        defer { FT_Done_Face(font) }
        // Wide enough that the height stays within what every device can have.
        width = unit > 3 ? 4096 : 1024
        var shelf = GlyphShelf(width: width)
        var faces: [Face] = []
        for style in TextStyle.allCases {
            let size = max((style.size * unit).rounded(), Double(TextStyle.smallestSize))
            guard FT_Set_Pixel_Sizes(font, 0, FT_UInt(size)) == 0 else { throw .unreadableFont(fontPath) }
            faces.append(Self.rasterize(font, into: &shelf))
        }
        self.faces = faces
        pixels = shelf.pixels
        height = shelf.height
    }

    private static func rasterize(_ font: FT_Face, into shelf: inout GlyphShelf) -> Face {
        var face = Face()
        for code in UInt8(32)...126 {
            guard FT_Load_Char(font, FT_ULong(code), cft_load_render) == 0, let slot = font.pointee.glyph?.pointee
            else { continue }
            let bitmap = slot.bitmap
            var glyph = Glyph(
                width: Double(bitmap.width), height: Double(bitmap.rows), bearingX: Double(slot.bitmap_left),
                bearingY: Double(slot.bitmap_top), advance: (Double(slot.advance.x) / 64).rounded())
            if let source = bitmap.buffer, bitmap.width > 0 {
                (glyph.atlasX, glyph.atlasY) = shelf.place(
                    source, width: Int(bitmap.width), height: Int(bitmap.rows), pitch: Int(bitmap.pitch))
            }
            face.glyphs[Int(code)] = glyph
        }
        face.capHeight = face.glyphs[Int(UInt8(ascii: "H"))].height
        equalizeDigits(&face)
        return face
    }

    /// Gives all digits the width of the widest, so that numbers do not dance as they change.
    private static func equalizeDigits(_ face: inout Face) {
        let digits = Int(UInt8(ascii: "0"))...Int(UInt8(ascii: "9"))
        let widest = digits.map { face.glyphs[$0].advance }.max() ?? 0
        for code in digits {
            face.glyphs[code].bearingX += ((widest - face.glyphs[code].advance) / 2).rounded()
            face.glyphs[code].advance = widest
        }
    }
}

/// Packs bitmaps into rows of one image, from left to right and from top to bottom.
private struct GlyphShelf {
    let width: Int
    private(set) var pixels: [UInt8] = []
    private var x = 0, y = 0, rowHeight = 0

    init(width: Int) { self.width = width }

    var height: Int { max(pixels.count / width, 1) }

    /// Copies a bitmap in and returns its upper left corner.
    mutating func place(_ source: UnsafePointer<UInt8>, width: Int, height: Int, pitch: Int) -> (Int, Int) {
        if x + width > self.width {
            y += rowHeight
            x = 0
            rowHeight = 0
        }
        rowHeight = max(rowHeight, height)
        let needed = (y + rowHeight) * self.width
        if pixels.count < needed { pixels += [UInt8](repeating: 0, count: needed - pixels.count) }
        for row in 0..<height {
            for column in 0..<min(width, self.width - x) {
                pixels[(y + row) * self.width + x + column] = source[row * pitch + column]
            }
        }
        defer { x += width }
        return (x, y)
    }
}
