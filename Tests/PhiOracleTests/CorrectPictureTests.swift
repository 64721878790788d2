import Foundation
import PhiModel
import PhiOracle
import Testing

@Suite("The oracle passes correct pictures")
struct CorrectPictureTests {
    @Test("every probe of every scene passes", arguments: PictureSize.all)
    func correct(size: PictureSize) throws {
        let pictures = try Pictures(size)
        for sample in Sample.correct {
            for scene in SceneOracle.scenes {
                let image = try pictures.picture(scene, sample.state, look: sample.look, quality: sample.quality)
                let clock = ContinuousClock.now
                let probes = SceneOracle.probes(
                    scene: scene, state: sample.state, look: sample.look, quality: sample.quality, image: image)
                let took = ContinuousClock.now - clock
                print("STAT", size.testDescription, sample.name, scene, probes.count, took)
                for p in probes {
                    print(
                        "PROBE|\(size.testDescription)|\(sample.name)|\(scene)|\(p.name)|\(p.expected)|\(p.measured)|\(p.tolerance)|\(p.passes)"
                    )
                }
                for probe in probes where !probe.passes {
                    Issue.record("\(scene), \(sample.name): \(probe)")
                }
                #expect(FrameSanity.faults(image) == [])
            }
        }
    }
}
