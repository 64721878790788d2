import PhiModel
import PhiOracle
import Testing

@Suite("Colours follow the rule that was chosen")
struct ColorRulePictureTests {
    private static let rules = [
        ColorRule(rotates: false), ColorRule(breathes: false), ColorRule(scale: .linear),
        ColorRule(rotates: false, breathes: false, scale: .linear),
    ]

    private func faults(_ scene: String, _ look: Look, seenAs rule: ColorRule) throws -> Int {
        let image = try Pictures(PictureSize(width: 640, height: 360)).picture(scene, Sample.lively.state, look: look)
        var expected = look
        expected.colors = rule
        return SceneOracle.probes(
            scene: scene, state: Sample.lively.state, look: expected, quality: 5, image: image
        ).count { !$0.passes }
    }

    @Test("a picture is what its rule says, and not what another says", arguments: rules)
    func rule(_ rule: ColorRule) throws {
        let look = Look(colors: rule)
        for scene in ["spectral", "breathing", "field"] {
            #expect(try faults(scene, look, seenAs: rule) == 0, "\(scene)")
        }
        #expect(try faults("spectral", look, seenAs: ColorRule()) > 0)
    }
}
