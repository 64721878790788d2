import PhiModel
import Testing
import VulkanKit

@testable import PhiRenderer

@Suite("Quality changes", .validated)
struct QualityChangeTests {
    @Test(
        "A change is told in a sentence",
        arguments: [
            (QualityChange.Reason.overload, "Quality 5 → 3: frames took 21.4 ms of the 16.7 ms there are."),
            (.headroom, "Quality 5 → 3: frames took only 21.4 ms of the 16.7 ms there are."),
            (.chosen, "Quality 5 → 3, as chosen."),
        ])
    func sentence(reason: QualityChange.Reason, sentence: String) {
        let change = QualityChange(from: 5, to: 3, reason: reason, frameMilliseconds: 21.44)
        #expect(change.sentence(fps: 60) == sentence)
    }

    @Test("In software, a level that the renderer chose keeps the resolution; one that somebody chose does not")
    func resolution() throws {
        let test = try TestRenderer(width: 640, height: 360)
        var content = FrameContent(scene: try SceneCatalog.index(of: "matrix"), quality: try #require(QualityLevel(3)))
        let chosen = try test.picture(content)
        content.isQualityAutomatic = true
        let automatic = try test.picture(content)
        // The same without glow and trails, at full resolution.
        var look = Look()
        look.glow = 0
        look.trails = 0
        let full = try test.picture("matrix", look: look)
        #expect(chosen.difference(full, tolerance: 8) > 1_000)
        if test.renderer.device.physical.kind == .software {
            #expect(automatic.difference(full) == 0)
        } else {
            #expect(automatic.difference(chosen) == 0)
        }
    }

    @Test("Every level has words of its own")
    func summaries() {
        #expect(QualityLevel.all.map(\.level) == [0, 1, 2, 3, 4, 5])
        #expect(Set(QualityLevel.all.map(\.summary)).count == 6)
    }
}
