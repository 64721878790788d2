import PhiModel
import Testing

@testable import PhiRenderer

/// Pictures for large screens, wide and upright. Pixels are sampled: there are eight million.
@Suite("Large pictures", .validated, .serialized)
struct LargePictureTests {
    @Test(
        "every scene fills its picture, is opaque, and is cut at no margin",
        arguments: [(3_840, 2_160), (2_160, 3_840)])
    func scenes(width: Int, height: Int) throws {
        let test = try TestRenderer(width: width, height: height)
        for entry in SceneCatalog.entries {
            let picture = try test.picture(entry.name)
            var colors: Set<Int> = [], middle: Set<Int> = []
            for y in stride(from: 4.5, to: Double(height), by: 19) {
                for x in stride(from: 4.5, to: Double(width), by: 19) {
                    let pixel = picture[x, y]
                    #expect(pixel.alpha == 255)
                    let color = pixel.red << 16 | pixel.green << 8 | pixel.blue
                    colors.insert(color)
                    let isMiddle = abs(x / Double(width) - 0.5) < 0.2 && abs(y / Double(height) - 0.5) < 0.2
                    if isMiddle { middle.insert(color) }
                }
            }
            #expect(colors.count > 200, "\(entry.name): \(colors.count) colours")
            #expect(middle.count > 40, "\(entry.name): \(middle.count) colours in the middle")
            #expect(try reach(of: picture, entry.name) == [], "\(entry.name) reaches the margin")
        }
    }

    /// The sides of a picture at which something with an edge comes closer than 12 pixels to the margin, where the shorter
    /// side is 2,160. Light and ground, which have no edges, may.
    private func reach(of picture: Picture, _ name: String) throws -> [String] {
        let width = Double(picture.width), height = Double(picture.height)
        var sides: [String] = []
        func look(_ side: String, _ length: Double, _ at: (_ along: Double, _ depth: Double) -> Picture.Pixel) {
            for depth in [0.5, 4.5, 11.5] {
                var last = at(0.5, depth).luma
                for along in stride(from: 3.5, to: length, by: 3) {
                    let luma = at(along, depth).luma
                    if abs(luma - last) > 5 { return sides.append(side) }
                    last = luma
                }
            }
        }
        look("top", width) { picture[$0, $1] }
        look("bottom", width) { picture[$0, height - $1] }
        look("left", height) { picture[$1, $0] }
        look("right", height) { picture[width - $1, $0] }
        return sides
    }
}
