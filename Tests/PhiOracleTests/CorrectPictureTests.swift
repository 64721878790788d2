import Foundation
import PhiModel
import PhiOracle
import Testing

@Suite("The oracle passes correct pictures")
struct CorrectPictureTests {
    /// The fewest probes that a picture of each scene has: what passes must have been measured. Rings are few where strong
    /// light hides most of them.
    private static let fewest = [
        "spectral": 24, "breathing": 6, "topology": 40, "waveform": 24, "matrix": 90, "field": 30,
    ]

    @Test("every probe of every scene passes, and there are many", arguments: PictureSize.all + [.smallest])
    func correct(size: PictureSize) throws {
        let pictures = try Pictures(size)
        for sample in Sample.correct {
            for scene in SceneOracle.scenes {
                let image = try pictures.picture(scene, sample.state, look: sample.look)
                let probes = SceneOracle.probes(
                    scene: scene, state: sample.state, look: sample.look, quality: 5, image: image)
                for probe in probes where !probe.passes {
                    Issue.record("\(scene), \(sample.name): \(probe)")
                }
                let fewest = try #require(Self.fewest[scene])
                #expect(probes.count >= fewest, "\(scene), \(sample.name)")
                #expect(Set(probes.map(\.name)).count == probes.count, "a name twice in \(scene), \(sample.name)")
                #expect(FrameSanity.faults(image) == [])
            }
        }
    }

    @Test("a picture of 4K has as many probes, and passes all")
    func large() throws {
        let pictures = try Pictures(PictureSize(width: 3840, height: 2160))
        for scene in SceneOracle.scenes {
            let image = try pictures.picture(scene, Sample.lively.state)
            let probes = SceneOracle.probes(
                scene: scene, state: Sample.lively.state, look: Look(), quality: 5, image: image)
            for probe in probes where !probe.passes { Issue.record("\(scene): \(probe)") }
            let fewest = try #require(Self.fewest[scene])
            #expect(probes.count >= fewest, "\(scene)")
        }
    }
}
