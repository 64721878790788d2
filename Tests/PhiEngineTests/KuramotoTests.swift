import Foundation
import PhiModel
import Testing

@testable import PhiEngine

@Suite("Oscillators, lanes and random numbers of the synthetic engine")
struct KuramotoTests {
    /// Two oscillators 0.5 Hz apart, the others uncoupled, after `seconds`.
    private func pair(coupling: Double, seconds: Double) -> KuramotoOscillators {
        var matrix = CouplingMatrix()
        matrix[0, 1] = coupling
        var frequencies = InlineArray<8, Double>(repeating: 1)
        frequencies[1] = 1.5
        var oscillators = KuramotoOscillators(phases: InlineArray(repeating: 0), frequencies: frequencies)
        for _ in 0..<Int(seconds * 960) { oscillators.step(1.0 / 960, coupling: matrix, strength: 1) }
        return oscillators
    }

    @Test("two coupled oscillators lock at sin Δ = Δf / 2C: 30° for 0.5 Hz and C = 0.5 Hz")
    func locking() {
        let phases = pair(coupling: 0.5, seconds: 20).phases
        #expect(abs(phases[1] - phases[0] - .pi / 6) < 1e-6)
        // And both at the mean of their frequencies: 1.25 Hz.
        #expect(abs(phases[0] + phases[1] - 2 * 1.25 * 20 * Angle.turn) < 1e-6)
    }

    @Test("under the threshold of 2C = Δf they drift apart")
    func drifting() {
        let phases = pair(coupling: 0.2, seconds: 20).phases
        // The beat of a pair is √(Δf² − (2C)²) = 0.3 Hz, 6 turns in 20 s.
        #expect(abs((phases[1] - phases[0]) / Angle.turn - 6) < 0.5)
    }

    @Test("uncoupled, an oscillator turns at its own frequency")
    func free() {
        let phases = pair(coupling: 0, seconds: 10).phases
        #expect(abs(phases[1] - 15 * Angle.turn) < 1e-9)
        #expect(abs(phases[5] - 10 * Angle.turn) < 1e-9)
    }

    @Test("a negative coupling pushes a pair into antiphase")
    func repulsion() {
        var matrix = CouplingMatrix()
        matrix[2, 3] = -0.5
        var oscillators = KuramotoOscillators(
            phases: [0, 0, 0, 0.1, 0, 0, 0, 0], frequencies: InlineArray(repeating: 1))
        for _ in 0..<20_000 { oscillators.step(1.0 / 960, coupling: matrix, strength: 1) }
        #expect(abs(Angle.wrap(oscillators.phases[3] - oscillators.phases[2]) - .pi) < 1e-6)
    }

    @Test("a lane ends at the channel's phase and shows its cycles", arguments: [0, 4, 7])
    func lanes(channel: Int) throws {
        var lane = [Float](repeating: 0, count: 512)
        let cycles = LaneSynthesis.cycles(channel)
        lane.withUnsafeMutableBufferPointer {
            LaneSynthesis.fill($0, cycles: cycles, phase: 1, overtonePhase: 0.3, amplitude: 0.5)
        }
        // 0.5 · (0.8 · sin 1 + 0.2 · sin 0.3)
        #expect(abs(lane[511] - 0.366140) < 1e-5)
        #expect(lane.allSatisfy { abs($0) <= 0.5 })
        // The value a quarter of the lane before the end, by the sine itself.
        let back = 2 * Double.pi * cycles * 128 / 511
        let expected = 0.5 * (0.8 * sin(1 - back) + 0.2 * sin(0.3 - back * GoldenRatio.phi))
        #expect(abs(Double(lane[383]) - expected) < 1e-5)
    }

    @Test("SplitMix64 gives the published numbers of seed 1234567")
    func splitMix() {
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
        let values = (0..<2_000).map { _ in generator.signed() }
        #expect(values.allSatisfy { (-1..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 2_000) < 0.05)
    }
}
