import PhiModel
import Testing

@testable import PhiRenderer

@Suite("The mark that machines read", .validated)
struct LatencyMarkTests {
    private static let marks = [
        LatencyMark(frame: 0, stateTime: 0), LatencyMark(frame: .max, stateTime: .max),
        LatencyMark(frame: 0x1234_5678, stateTime: 0x9ABC_DEF0_1357_9BDF), LatencyMark(frame: 1, stateTime: 1 << 31),
    ]

    @Test(
        "it is read from every scene, at every size and quality",
        arguments: [(1_280, 720), (643, 361), (360, 640), (320, 180)], [QualityLevel.full, .minimal])
    func scenes(size: (width: Int, height: Int), quality: QualityLevel) throws {
        let test = try TestRenderer(width: size.width, height: size.height)
        for index in SceneCatalog.entries.indices {
            var content = FrameContent(scene: index, quality: quality)
            for mark in Self.marks {
                content.latencyMark = mark
                #expect(try read(test.picture(content)) == mark, "scene \(index)")
            }
            content.latencyMark = nil
            #expect(try read(test.picture(content)) == nil)
        }
    }

    @Test("it lies over a transition and the figures, and changes nothing beside itself")
    func overEverything() throws {
        let test = try TestRenderer(width: 1_280, height: 720)
        for style in Transition.Style.allCases {
            var content = FrameContent(scene: 0)
            content.outgoing = .init(scene: 1, style: style, progress: 0.5)
            content.hud = HUDFigures(engine: "synthetic")
            let without = try test.picture(content)
            content.latencyMark = Self.marks[2]
            let with = try test.picture(content)
            #expect(read(with) == Self.marks[2], "\(style)")
            let layout = try #require(LatencyMarkLayout(width: 1_280, height: 720))
            for y in stride(from: 0.5, to: 720, by: 3) {
                for x in stride(from: 0.5, to: 1_280, by: 3) where x > layout.width + 1 || y < layout.top - 1 {
                    #expect(with[x, y] == without[x, y])
                }
            }
        }
    }

    @Test("it outlasts a reduction to a quarter and noise, and is not believed where a bit has changed")
    func damage() throws {
        let mark = Self.marks[2]
        var content = FrameContent(scene: 0)
        content.latencyMark = mark
        let picture = try TestRenderer(width: 1_280, height: 720).picture(content)
        var seed: UInt64 = 7
        func noise() -> Double {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            return Double(seed >> 40) / Double(1 << 24) * 120 - 60
        }
        let quarter = LatencyMark(width: 320, height: 180) { x, y in
            var sum = 0.0
            for row in 0..<4 {
                for column in 0..<4 { sum += picture[Double(4 * x + column), Double(4 * y + row)].luma }
            }
            return min(max(sum / 16 + noise(), 16), 235)
        }
        #expect(quarter == mark)
        let layout = try #require(LatencyMarkLayout(width: 1_280, height: 720))
        for row in 0..<LatencyMarkLayout.rows {
            for column in 0..<LatencyMarkLayout.columns {
                let left = layout.left(column: column), upper = layout.upper(row: row)
                let damaged = LatencyMark(width: 1_280, height: 720) { x, y in
                    let luma = picture[Double(x), Double(y)].luma
                    let isInside =
                        (left..<left + layout.cell).contains(Double(x))
                        && (upper..<upper + layout.cell).contains(Double(y))
                    return isInside ? 255 - luma : luma
                }
                #expect(damaged == nil, "row \(row), column \(column)")
            }
        }
    }

    @Test("the check byte is the remainder by x⁸ + x² + x + 1, ⊕ 0x55")
    func check() {
        // x⁸ leaves x² + x + 1, and x¹⁵ leaves x⁷ + x³ + 1.
        #expect(LatencyMark(frame: 0, stateTime: 0).check == 0x55)
        #expect(LatencyMark(frame: 0, stateTime: 1).check == 0x07 ^ 0x55)
        #expect(LatencyMark(frame: 0, stateTime: 0x80).check == 0x89 ^ 0x55)
    }

    @Test("a picture without room for it has none")
    func noRoom() {
        #expect(LatencyMarkLayout(width: 1_280, height: 100) == nil)
        #expect(LatencyMarkLayout(width: 100, height: 1_280) == nil)
        #expect(LatencyMarkLayout(width: 16, height: 9) != nil)
    }

    private func read(_ picture: Picture) -> LatencyMark? {
        LatencyMark(width: picture.width, height: picture.height) { x, y in picture[Double(x), Double(y)].luma }
    }
}
