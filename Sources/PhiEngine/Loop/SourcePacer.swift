import Handoff
import PhiModel

/// Works a source along the clock, one source after another: numbers, time and what is shown go on without a jump.
struct SourcePacer {
    /// How long what is shown goes over from one source to the next, s.
    private static let glide = 0.7

    private var source: any StateSource
    private var director: PhiDirector
    private var phi = PhiWish.engine
    private var state = EngineState()
    /// The monotonic clock when the source's time began, ns.
    private var origin: UInt64
    private var hasPublished = false
    private var isPaused = false
    /// How often another source took over.
    private var turn: UInt64 = 0
    /// The source failed with this; it is not asked again.
    private var failure: String?
    private(set) var hasNews = false

    /// What numbers and time of the source's states are raised by.
    private var firstNumber: UInt64 = 0
    private var firstTime = 0.0
    /// The last state that was published.
    private var shown = EngineState()
    /// What the new source was off by when it took over, and when: a time that is published.
    private var residue: (offset: StateOffset, waveforms: WaveformOffset, since: Double)?
    private var isTakingOver = false

    init(_ source: any StateSource, phi inputs: PhiInputs) {
        self.source = source
        director = PhiDirector(inputs)
        origin = MonotonicClock.nanoseconds
    }

    var summary: EngineSummary {
        var summary = EngineSummary(source)
        if let failure {
            summary.health = EngineHealth(.failed, failure)
        } else {
            summary.soundtrack = source.soundtrack.map {
                Soundtrack(options: $0, turn: turn, origin: origin, isPaused: isPaused)
            }
        }
        return summary
    }

    mutating func apply(_ wishes: EngineWishes) {
        phi = wishes.phi
        isPaused = wishes.isPaused
        source.apply(wishes.settings)
    }

    mutating func replace(with next: any StateSource) {
        firstNumber = shown.frameID + 1
        firstTime = shown.time + source.sampleInterval
        source = next
        turn += 1
        state = EngineState()
        origin = MonotonicClock.nanoseconds
        failure = nil
        isTakingOver = hasPublished
    }

    /// By how much the source is behind the clock, s.
    var lateness: Double { isPaused || source.isLive ? 0 : time - (state.time + source.sampleInterval) }

    /// The source's time now, s.
    private var time: Double { Double(MonotonicClock.nanoseconds - min(origin, MonotonicClock.nanoseconds)) * 1e-9 }

    /// Gives up on catching up.
    mutating func skip(_ seconds: Double) { origin += UInt64(seconds * 1e9) }

    /// Works the source on to now. Returns what it failed with, once.
    mutating func advance() -> (any Error)? {
        if isPaused || failure != nil {
            // Time stands still, and the state stays new where it is wanted so.
            let stood = time - state.time
            if stood > 0 { skip(stood) }
            hasNews = isPaused && failure == nil
            return nil
        }
        let before = state.frameID
        do { try source.advance(to: time, into: &state) } catch {
            failure = "\(error)"
            hasNews = false
            return error
        }
        hasNews = state.frameID != before || !hasPublished || isTakingOver
        return nil
    }

    /// The state to publish, timed, after `sanitize`.
    mutating func sample(_ sanitize: (inout EngineState) -> Void) -> TimedState {
        var next = state
        next.frameID += firstNumber
        next.time += firstTime
        next.timestamp = isPaused ? MonotonicClock.unixSeconds : source.timestamp ?? MonotonicClock.unixSeconds
        sanitize(&next)
        director.direct(&next, phi)
        if isTakingOver {
            residue = (
                StateOffset(from: next, to: shown), WaveformOffset(from: next.waveforms, to: shown.waveforms), next.time
            )
            isTakingOver = false
        }
        fadeResidue(&next)
        shown = next
        hasPublished = true
        let due = origin / 1_000 + UInt64(state.time * 1e6)
        return TimedState(state: next, monotonic: due, interval: source.spacing)
    }

    private mutating func fadeResidue(_ state: inout EngineState) {
        guard let residue else { return }
        let t = ((state.time - residue.since) / Self.glide).clamped(to: 0...1)
        guard t < 1 else {
            self.residue = nil
            return
        }
        let share = 1 - t * t * (3 - 2 * t)
        residue.offset.add(share, to: &state)
        residue.waveforms.add(share, to: &state.waveforms)
    }

    /// When the next sample is due, ns of the monotonic clock.
    var nextDeadline: UInt64 {
        guard failure == nil, !isPaused else { return MonotonicClock.nanoseconds + 16_000_000 }
        let next =
            source.isLive
            ? ((time / source.sampleInterval).rounded(.down) + 1) * source.sampleInterval
            : (Double(state.frameID) + 1) * source.sampleInterval
        return origin + UInt64(next * 1e9) + 1_000
    }
}
