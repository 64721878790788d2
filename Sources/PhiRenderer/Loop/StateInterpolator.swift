import Handoff
import PhiModel

/// Gives the state at the time of a frame, between two samples: what is drawn is a little more than one sample behind, by
/// the same amount at every frame, so that it moves evenly whatever the rates of engine and frames are.
///
/// A sample that stays away is bridged: the motion goes on for a while, and what it then is off by fades away after the
/// next sample. Where samples stay away for longer, the picture comes to rest, and breathes.
struct StateInterpolator {
    private let source: TripleBuffer<TimedState>
    /// The newest samples that were seen, in turn: the time that is drawn lies between two of them, even where one came just
    /// now and one was missed.
    private var seen: InlineArray<3, TimedState>
    private var newest = 2
    /// Number and time (µs of the monotonic clock) of the newer of the two samples that were drawn last.
    private(set) var drawnSample: (number: UInt32, time: UInt64) = (0, 0)
    /// What was drawn last was after the newest sample.
    private var isBridging = false
    /// What the picture was off by when samples came back, and from when to when it fades, s of the monotonic clock.
    private var residue: Residue?

    private struct Residue: BitwiseCopyable {
        var offset: StateOffset
        var waveforms: WaveformOffset
        var start: Double
        var duration: Double
    }

    /// What fades takes at least and at most this long, s.
    private static let fade = 0.1...0.5

    init(_ source: TripleBuffer<TimedState>) {
        self.source = source
        let first = source.latest { value, _ in copy value }
        seen = InlineArray(repeating: first)
    }

    /// How far behind the picture is, s: a quarter more than a sample, for samples that are published late.
    static func delay(ofSamplesEvery interval: Double) -> Double { 1.25 * interval }

    private var delay: Double { Self.delay(ofSamplesEvery: seen[newest].interval) }
    /// How long the motion goes on after the newest sample, s: enough for two samples in a row.
    private var bridge: Double { 2 * seen[newest].interval }

    /// Fills `state` with what is to be drawn at `time`, µs of the monotonic clock.
    mutating func state(at time: UInt64, into state: inout EngineState) {
        let now = Double(time) * 1e-6, silence = silence(at: time)
        if isBridging {
            // What would be drawn without another sample is what the motion has to go on from.
            draw(at: time, into: &state)
            fadeResidue(at: now, into: &state)
            let bridged = copy state
            guard take() else { return }
            draw(at: time, into: &state)
            residue = Residue(
                offset: StateOffset(from: state, to: bridged),
                waveforms: WaveformOffset(from: state.waveforms, to: bridged.waveforms), start: now,
                duration: silence.clamped(to: Self.fade))
        } else {
            _ = take()
            draw(at: time, into: &state)
        }
        fadeResidue(at: now, into: &state)
    }

    /// Takes the newest sample, and tells whether there is one.
    private mutating func take() -> Bool {
        source.latest { value, isNew in
            guard isNew else { return false }
            guard seen[newest].monotonic > 0 else {
                seen = InlineArray(repeating: copy value)
                return true
            }
            newest = (newest + 1) % 3
            seen[newest] = copy value
            return true
        }
    }

    /// How long the newest sample is ago, s.
    private func silence(at time: UInt64) -> Double {
        guard seen[newest].monotonic > 0 else { return 0 }
        return (Double(time) - Double(seen[newest].monotonic)) * 1e-6
    }

    private mutating func draw(at time: UInt64, into state: inout EngineState) {
        let wanted = seen[newest].engineTime(at: time) - delay
        let middle = (newest + 2) % 3, oldest = (newest + 1) % 3
        let upper = wanted > seen[middle].state.time ? newest : middle
        EngineState.interpolate(
            from: seen[upper == newest ? middle : oldest].state, to: seen[upper].state, at: wanted, beyond: bridge,
            into: &state)
        isBridging = wanted > seen[newest].state.time && seen[newest].monotonic > 0
        state.rest(after: silence(at: time))
        drawnSample = (UInt32(truncatingIfNeeded: seen[upper].state.frameID), seen[upper].monotonic)
    }

    private mutating func fadeResidue(at now: Double, into state: inout EngineState) {
        guard let residue else { return }
        let t = ((now - residue.start) / residue.duration).clamped(to: 0...1)
        guard t < 1 else {
            self.residue = nil
            return
        }
        let share = 1 - t * t * (3 - 2 * t)
        residue.offset.add(share, to: &state)
        residue.waveforms.add(share, to: &state.waveforms)
    }
}
