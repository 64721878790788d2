import Testing

@testable import PhiRenderer

/// The scaler where a processor draws: the resolution stays, so that levels differ by what is drawn alone.
struct SoftwareScalerTests {
    /// What the levels 0 … 5 cost relative to full quality, by scene, as measured.
    enum Scene: CaseIterable {
        case breathing, waveform, field

        var shares: [Double] {
            switch self {
            case .breathing: [0.65, 0.66, 0.67, 0.67, 0.98, 1]
            case .waveform: [0.73, 0.74, 0.74, 0.74, 1, 1]
            case .field: [0.68, 0.70, 0.73, 0.75, 0.97, 1]
            }
        }
    }

    /// Twenty light seconds, then a load of `load` frames' time at full quality.
    private func machine(_ scene: Scene, _ load: Double, profile: CostModel.Profile = .software) -> SimulatedMachine {
        let shares = scene.shares
        return SimulatedMachine(profile: profile) { level, time in
            (time < 20 ? 0.4 : load) * shares[level.level] / 60
        }
    }

    @Test(
        "A fall skips the level that saves nothing, within half a second, and then it fits",
        arguments: Scene.allCases, [1.02, 1.04, 1.08])
    func skips(scene: Scene, load: Double) throws {
        var machine = machine(scene, load)
        machine.run(until: 60)
        let first = try #require(machine.steps.first)
        #expect(first.time <= 20.5 && machine.levels == [3], "The levels were \(machine.levels).")
        #expect(load * scene.shares[machine.level] < 1)
    }

    @Test(
        "A load that no level brings down ends at the lowest at once, and makes no flicker",
        arguments: Scene.allCases, [1.6, 3])
    func hopeless(scene: Scene, load: Double) throws {
        var machine = machine(scene, load)
        machine.run(until: 21)
        #expect(machine.levels == [0])
        machine.run(until: 600)
        #expect(machine.steps.count <= 6, "The levels were \(machine.levels).")
    }

    @Test("Once the load is gone it climbs all the way", arguments: Scene.allCases)
    func climbs(scene: Scene) {
        var machine = machine(scene, 1.6)
        machine.run(until: 40)
        machine.cost = { level, _ in 0.5 * scene.shares[level.level] / 60 }
        machine.run(until: 120)
        #expect(machine.level == 5)
    }

    @Test("Costs by pixels would have stopped at the level that saves nothing")
    func otherProfile() {
        var machine = machine(.waveform, 1.02, profile: .pixels)
        machine.run(until: 20.6)
        #expect(machine.levels.first == 4)
    }
}
