import Foundation
import PhiModel
import Testing

@testable import PhiRenderer

@Suite("Figures over the picture", .validated)
struct HUDTests {
    @Test(
        "they lie over every scene at every size, and change nothing else",
        arguments: [(640, 360), (1_920, 1_080), (360, 640)])
    func panel(width: Int, height: Int) throws {
        let test = try TestRenderer(width: width, height: height)
        for (index, entry) in SceneCatalog.entries.enumerated() {
            let without = try test.picture(entry.name)
            var content = FrameContent(scene: index)
            content.hud = HUDFigures(
                engine: "synthetic", fps: 59.9, stages: .init(record: 0.2, render: 9, readback: 0.5))
            let with = try test.picture(content)
            #expect(with.difference(without) > 2_000)
            // The left quarter is never under it.
            for y in stride(from: 0.5, to: Double(height), by: 7) {
                for x in stride(from: 0.5, to: Double(width) * 0.05, by: 3) { #expect(with[x, y] == without[x, y]) }
            }
        }
    }

    @Test("the bar shows the stages in proportion to the time there is")
    func bar() throws {
        let test = try TestRenderer(width: 1_280, height: 720)
        func goldenPixels(_ milliseconds: Double) throws -> Int {
            var content = FrameContent(scene: 0)
            content.hud = HUDFigures(
                engine: "x", budget: 16, stages: .init(record: 0, render: milliseconds, readback: 0))
            let picture = try test.picture(content)
            var best = 0
            for y in 30..<110 {
                var count = 0
                for x in 900..<1_280 {
                    let p = picture[Double(x) + 0.5, Double(y) + 0.5]
                    if p.red > 240, abs(p.green - 194) < 8, abs(p.blue - 77) < 12 { count += 1 }
                }
                best = max(best, count)
            }
            return best
        }
        let four = try goldenPixels(4), eight = try goldenPixels(8)
        #expect(four > 30)
        #expect(abs(Double(eight) / Double(four) - 2) < 0.1, "\(four) and \(eight) pixels")
    }

    /// A panel over a scene, and the same picture without it.
    private func pictures(
        _ width: Int, _ height: Int, engine: String, scene: String = "spectral"
    ) throws -> (with: Picture, without: Picture, layout: HUDLayout) {
        let test = try TestRenderer(width: width, height: height)
        var content = FrameContent(scene: try SceneCatalog.index(of: scene))
        let without = try test.picture(content)
        content.hud = HUDFigures(
            engine: engine, fps: 59.9, stages: .init(record: 0.2, render: 9, readback: 0.5))
        let cap = test.renderer.atlas.face(.hud).capHeight
        return (
            try test.picture(content), without,
            HUDLayout(width: Double(width), height: Double(height), capHeight: cap)
        )
    }

    @Test(
        "every row is written, nothing leaves the panel, and a long name keeps clear of its label",
        arguments: [(640, 360), (1_280, 720)])
    func rows(width: Int, height: Int) throws {
        let name = "audio:" + String(repeating: "W", count: 34)
        let (with, without, layout) = try pictures(width, height, engine: name)
        for y in 0..<height {
            for x in 0..<width {
                let (px, py) = (Double(x) + 0.5, Double(y) + 0.5)
                let isInside =
                    px > layout.left - 1 && px < layout.left + layout.width + 1 && py > layout.top - 1
                    && py < layout.top + layout.height + 1
                if !isInside, with[px, py] != without[px, py] {
                    Issue.record("something is drawn beside the panel, at \(x), \(y)")
                    return
                }
            }
        }
        let left = layout.left + layout.padding, right = layout.left + layout.width - layout.padding
        /// The columns of row `n` that have ink.
        func ink(_ n: Int) -> [Double] {
            let top = layout.top + layout.padding + Double(n) * layout.line
            return stride(from: layout.left.rounded() + 0.5, to: layout.left + layout.width, by: 1).filter { x in
                stride(from: top.rounded() + 0.5, to: top + layout.line * 0.65, by: 1).contains {
                    with[x, $0].luma > 110
                }
            }
        }
        for n in 0..<HUDLayout.rows {
            let columns = ink(n)
            #expect(columns.contains { $0 < left + layout.width * 0.3 }, "row \(n) has no name")
            #expect(columns.contains { $0 > right - layout.width * 0.3 }, "row \(n) has no value")
            #expect(columns.allSatisfy { $0 > left - 1.5 && $0 < right + 1.5 }, "row \(n) leaves the panel")
        }
        // The engine's row: the sixth, of a name that has no spaces.
        let engine = ink(5)
        let widest = zip(engine, engine.dropFirst()).map { $1 - $0 }.max() ?? 0
        #expect(widest > 0.45 * layout.line, "the name runs into its label: \(widest) pixels between them")
    }

    @Test("nothing behind the panel reads through it", arguments: SceneCatalog.entries.map(\.name))
    func dense(scene: String) throws {
        let (with, _, layout) = try pictures(1_280, 720, engine: "synthetic", scene: scene)
        // Between the panel's upper edge and its first row.
        let y = (layout.top + layout.padding * 0.5).rounded() + 0.5
        let values = stride(from: layout.left + 6, to: layout.left + layout.width - 6, by: 1).map { with[$0, y].luma }
        let most = try #require(values.max()), least = try #require(values.min())
        #expect(most - least < 36, "\(most - least) levels read through")
    }

    @Test("a text that has no room is cut, and ends with three dots")
    func shortened() throws {
        let face = try GlyphAtlas(fontPath: try FontFile.find(), unit: 1).face(.hud)
        let long = FixedText("a long name of an engine")
        #expect(face.shortened(long, to: 1_000).count == long.count)
        let short = face.shortened(long, to: 70)
        #expect(face.width(of: short) <= 70 && short.count > 6 && short.count < long.count)
        #expect((1...3).allSatisfy { short[short.count - $0] == UInt8(ascii: ".") })
        #expect(short[0] == UInt8(ascii: "a") && short[short.count - 4] != UInt8(ascii: " "))
        #expect(face.shortened(long, to: 0).count == 3)
    }
}
