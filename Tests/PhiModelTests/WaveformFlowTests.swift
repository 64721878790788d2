import Foundation
import PhiModel
import Testing

@Suite("Waveforms between samples")
struct WaveformFlowTests {
    /// Lane `k` as an engine fills it: 2 · φ^(k/2) cycles of a sine that end at the phase of 0.5 · φ^k Hz at `time`.
    static func waveforms(at time: Double, amplitude: Double = 0.8) -> Waveforms {
        var result = Waveforms()
        for k in 0..<8 {
            for n in 0..<512 {
                let back = Double(511 - n) / 511 * cycles(k)
                result[k, n] = Float(amplitude * sin(2 * .pi * (frequency(k) * time - back)))
            }
        }
        return result
    }

    static func cycles(_ k: Int) -> Double { 2 * pow(1.618033988749895, Double(k) / 2) }
    static func frequency(_ k: Int) -> Double { 0.5 * pow(1.618033988749895, Double(k)) }

    private func worst(_ a: Waveforms, _ b: Waveforms, _ lane: Int, _ indices: Range<Int> = 0..<512) -> Float {
        indices.map { abs(a[lane, $0] - b[lane, $0]) }.max() ?? 0
    }

    @Test("between two samples a wave is where it belongs, and as high as it is", arguments: [30.0, 60, 93.75, 120])
    func between(rate: Double) {
        let a = Self.waveforms(at: 1), b = Self.waveforms(at: 1 + 1 / rate)
        for t in [0.0, 0.25, 0.5, 0.8, 1] {
            var result = Waveforms()
            WaveformFlow.interpolate(from: a, to: b, t, into: &result)
            let wanted = Self.waveforms(at: 1 + t / rate)
            for k in 0..<8 {
                #expect(worst(result, wanted, k) < 0.03, "lane \(k) at \(t): off by \(worst(result, wanted, k))")
            }
        }
    }

    @Test("after the newer sample it moves on; only what was not heard yet stands")
    func beyond() {
        let a = Self.waveforms(at: 1), b = Self.waveforms(at: 1 + 1 / 120.0)
        var result = Waveforms()
        WaveformFlow.interpolate(from: a, to: b, 2.5, into: &result)
        let wanted = Self.waveforms(at: 1 + 2.5 / 120.0)
        for k in 0..<8 { #expect(worst(result, wanted, k, 0..<490) < 0.05, "lane \(k)") }
        // However far it is, it stays in the lane.
        WaveformFlow.interpolate(from: a, to: b, 1_000, into: &result)
        #expect((0..<512).allSatisfy { abs(result[7, $0]) <= 0.8 })
    }

    @Test("a wave that stands changes its height in place; silence and equal lanes stay what they are")
    func standing() {
        let a = Self.waveforms(at: 1, amplitude: 0.4), b = Self.waveforms(at: 1, amplitude: 0.8)
        var result = Waveforms()
        WaveformFlow.interpolate(from: a, to: b, 0.5, into: &result)
        let wanted = Self.waveforms(at: 1, amplitude: 0.6)
        // The outermost samples may be of one lane alone.
        for k in 0..<8 { #expect(worst(result, wanted, k, 1..<511) < 0.015) }
        WaveformFlow.interpolate(from: b, to: b, 0.3, into: &result)
        for k in 0..<8 { #expect(worst(result, b, k) == 0) }
        WaveformFlow.interpolate(from: Waveforms(), to: Waveforms(), 0.3, into: &result)
        for k in 0..<8 { #expect(worst(result, Waveforms(), k) == 0) }
    }

    @Test("two sounds that have nothing in common are blended where they are")
    func unlike() {
        var a = Waveforms(), b = Waveforms()
        var seed: UInt32 = 1
        func noise() -> Float {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return Float(seed >> 8) / Float(1 << 23) - 1
        }
        for n in 0..<512 {
            a[0, n] = noise()
            b[0, n] = noise()
        }
        var result = Waveforms()
        WaveformFlow.interpolate(from: a, to: b, 0.25, into: &result)
        for n in 0..<512 { #expect(abs(result[0, n] - (0.75 * a[0, n] + 0.25 * b[0, n])) < 1e-5) }
    }

    @Test("at rest lanes become calm waves that turn with their channels; a muted one is still")
    func rest() {
        var state = EngineState(), later = EngineState()
        state.channels[6].enabled = false
        later.channels[6].enabled = false
        state.waveforms = Self.waveforms(at: 1, amplitude: 1)
        later.waveforms = state.waveforms
        let before = state.waveforms
        state.rest(after: 0.5)
        #expect(worst(state.waveforms, before, 3) == 0)
        state.rest(after: 10)
        later.rest(after: 10.1)
        for k in 0..<8 where k != 6 {
            let peak = (0..<512).map { abs(state.waveforms[k, $0]) }.max() ?? 0
            #expect(abs(peak - 0.4) < 0.01)
            #expect(isClose(Double(state.waveforms[k, 511]), 0.4 * sin(state.channels[k].phase), within: 1e-6))
            #expect(worst(state.waveforms, later.waveforms, k) > 0.001)
        }
        #expect((0..<512).allSatisfy { state.waveforms[6, $0] == 0 })
    }
}
