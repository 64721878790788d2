import Foundation
import Handoff
import PhiModel
import Testing

@testable import PhiRenderer

/// What is drawn of streams of samples that are sanitized and interpolated, as those of an engine are.
@Suite("Streams of samples")
struct StreamTests {
    /// The states that are drawn, 60 a second from the third sample on, of samples that are published on time.
    /// - Parameter sample: Sample `n`, of the time n / `rate`; nil where it stays away.
    private func drawn(
        rate: Double, seconds: Double, _ sample: (_ n: Int, _ time: Double) -> EngineState?
    ) -> [EngineState] {
        let buffer = TripleBuffer(TimedState())
        var interpolator = StateInterpolator(buffer)
        var sanitizer = StateSanitizer()
        var state = EngineState(), drawn: [EngineState] = [], published = 0
        for frame in 0..<Int(seconds * 60) {
            let now = Double(frame) / 60
            while Double(published + 1) / rate <= now {
                published += 1
                guard var made = sample(published, Double(published) / rate) else { continue }
                made.time = Double(published) / rate
                made.frameID = UInt64(published)
                sanitizer.sanitize(&made)
                buffer.publish(TimedState(state: made, monotonic: UInt64(made.time * 1e6), interval: 1 / rate))
            }
            interpolator.state(at: UInt64(now * 1e6), into: &state)
            if now > 4 / rate { drawn.append(state) }
        }
        return drawn
    }

    @Test("every second sample without a number in it: nothing flickers", arguments: [30.0, 60, 120])
    func notNumbers(rate: Double) {
        let states = drawn(rate: rate, seconds: 3) { n, time in
            var state = EngineState()
            let isGood = n % 2 == 1
            for k in 0..<8 {
                let good = ChannelState(frequency: 40 + time, amplitude: 0.5 + 0.1 * time, phase: 1 + 0.3 * time)
                state.channels[k] = isGood ? good : ChannelState(frequency: .nan, amplitude: .nan, phase: .infinity)
                for j in 0..<k { state.coupling[k, j] = isGood ? 0.6 : .nan }
                for m in 0..<512 { state.waveforms[k, m] = isGood ? 0.5 : .nan }
            }
            state.ici = isGood ? 0.8 : .nan
            state.coherence = isGood ? 0.7 : -.infinity
            state.criticality = isGood ? 1.2 : .nan
            state.phi.depth = isGood ? 1.4 : .nan
            state.phi.phase = isGood ? 2 : .nan
            return state
        }
        #expect(states.count > 100)
        for (a, b) in zip(states, states.dropFirst()) {
            // What moves moves by two samples or two frames at most; what stands stands.
            let most = 2 * max(1 / rate, 1.0 / 60) + 1e-9
            for k in 0..<8 {
                #expect(abs(b.channels[k].frequency - a.channels[k].frequency) <= most)
                #expect(abs(b.channels[k].amplitude - a.channels[k].amplitude) <= 0.1 * most)
                #expect(abs(Angle.difference(from: a.channels[k].phase, to: b.channels[k].phase)) <= 0.3 * most)
            }
            #expect(b.coupling[2, 1] == 0.6 && abs(b.waveforms[5, 77] - 0.5) < 1e-6)
            #expect(b.ici == 0.8 && b.coherence == 0.7 && b.criticality == 1.2)
            #expect(b.phi.depth == 1.4 && abs(b.phi.phase - 2) < 1e-9)
        }
    }

    /// How many cycles a lane of `cycles` cycles has moved on: the phase of its sine, in cycles, and its amplitude.
    private func fit(_ state: EngineState, _ lane: Int, cycles: Double) -> (phase: Double, amplitude: Double) {
        // Least squares for a · sin + b · cos, clear of both ends.
        var ss = 0.0, cc = 0.0, sc = 0.0, ys = 0.0, yc = 0.0
        for n in 40..<470 {
            let angle = Angle.turn * cycles * Double(n) / 511, y = Double(state.waveforms[lane, n])
            let (s, c) = (sin(angle), cos(angle))
            ss += s * s
            cc += c * c
            sc += s * c
            ys += y * s
            yc += y * c
        }
        let determinant = ss * cc - sc * sc
        let a = (ys * cc - yc * sc) / determinant, b = (yc * ss - ys * sc) / determinant
        return (atan2(b, a) / Angle.turn, hypot(a, b))
    }

    @Test(
        "waves flow evenly at the rate of the frames, past a missing sample as well",
        arguments: [30.0, 60, 93.75, 120], [1, 4, 6])
    func flow(rate: Double, lane: Int) {
        let cycles = 2 * pow(GoldenRatio.phi, Double(lane) / 2), frequency = 0.5 * GoldenRatio.power(lane)
        let states = drawn(rate: rate, seconds: 1.5) { n, time in
            guard n != Int(rate) || rate < 60 else { return nil }
            var state = EngineState()
            for m in 0..<512 {
                let back = cycles * Double(511 - m) / 511
                state.waveforms[lane, m] = Float(0.7 * sin(Angle.turn * (frequency * time - back)))
            }
            return state
        }
        let fits = states.map { fit($0, lane, cycles: cycles) }
        for (a, b) in zip(fits, fits.dropFirst()) {
            let step = b.phase - a.phase - (b.phase - a.phase).rounded()
            #expect(abs(step * 60 - frequency) < 0.1 * frequency, "\(step * 60) Hz")
            #expect(abs(b.amplitude - 0.7) < 0.04, "\(b.amplitude)")
        }
    }

    @Test("waves of an engine that has gone silent do not stand, and nothing jumps when it comes back")
    func silence() {
        let states = drawn(rate: 60, seconds: 6) { n, time in
            guard !(60..<300).contains(n) else { return nil }
            var state = EngineState()
            for m in 0..<512 { state.waveforms[3, m] = Float(0.7 * sin(Angle.turn * (2 * time + Double(m) / 100))) }
            return state
        }
        for (a, b) in zip(states, states.dropFirst()) {
            let moves = (0..<512).map { abs(b.waveforms[3, $0] - a.waveforms[3, $0]) }.max() ?? 0
            // 2 Hz at 0.7 are 0.15 a frame; what it was off by fades within half a second.
            #expect(moves < 0.25, "\(moves) at \(b.time)")
            if (3...4.5).contains(b.time) { #expect(moves > 0.001, "it stands at \(b.time)") }
        }
    }
}
