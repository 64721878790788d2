import Testing

@testable import PhiRenderer

@Suite("Text")
struct TextTests {
    private func string(_ text: FixedText) -> String {
        String(decoding: (0..<text.count).map { text[$0] }, as: UTF8.self)
    }

    @Test("numbers are written as people write them")
    func numbers() {
        var text = FixedText("a ")
        text.append(-1.496, decimals: 2)
        text.append(" ")
        text.append(1234.5, decimals: 0)
        #expect(string(text) == "a -1.50 1235")
        for (hertz, wanted) in [
            (0.5, "0.50 Hz"), (14.517, "14.5 Hz"), (439.4, "439 Hz"), (1857.8, "1.86 kHz"), (9.999, "10.0 Hz"),
            (999.6, "1.00 kHz"),
        ] {
            var frequency = FixedText()
            frequency.append(hertz: hertz)
            #expect(string(frequency) == wanted)
        }
        var nothing = FixedText()
        nothing.append(.nan, decimals: 2)
        #expect(string(nothing) == "-")
    }

    @Test("too much text is cut, not a fault")
    func capacity() {
        var text = FixedText()
        for _ in 0..<100 { text.append("x") }
        #expect(text.count == 40)
    }

    @Test("digits have one width, and glyphs lie within the atlas")
    func atlas() throws {
        let atlas = try GlyphAtlas(fontPath: try FontFile.find(), unit: 1)
        for style in TextStyle.allCases {
            let face = atlas.face(style)
            #expect(Set((48...57).map { face.glyph($0).advance }).count == 1)
            for code in UInt8(32)...126 {
                let glyph = face.glyph(code)
                #expect(glyph.atlasX + Int(glyph.width) <= atlas.width)
                #expect(glyph.atlasY + Int(glyph.height) <= atlas.height)
            }
        }
        #expect(throws: RendererError.unreadableFont("/dev/null")) {
            try GlyphAtlas(fontPath: "/dev/null", unit: 1)
        }
    }
}
