import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import Testing

@testable import PhiRenderer

@Suite("Render loop", .validated)
struct RenderLoopTests {
    @Test("frames come at the cadence, newest wins, and the loop ends when it is told to")
    func cadence() async throws {
        let test = try TestRenderer(width: 160, height: 90)
        let pool = test.renderer.pool
        let states = TripleBuffer(TimedState(state: .lively, monotonic: MonotonicClock.microseconds))
        let mailbox = FrameMailbox(pool: pool)
        let events = EventRing<FrameEvent>(capacity: 512, filler: FrameEvent(outcome: .rendered))
        let controls = RenderControls(scene: 0)
        let loop = RenderLoop(
            renderer: test.renderer, states: states, mailboxes: [mailbox], events: events,
            controls: controls, fps: 50, engine: "synthetic",
            logger: Logger(label: "test"),
            qualityChanges: EventRing(
                capacity: 4, filler: QualityChange(from: 5, to: 5, reason: .chosen, frameMilliseconds: 0)))
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: loop)], logger: Logger(label: "test")))
        let running = Task { try await group.run() }

        try await Task.sleep(for: .milliseconds(300))
        let isEmpty = mailbox.take() == nil
        #expect(isEmpty, "nobody wanted a frame")
        mailbox.demand.add()
        var sequences: [UInt32] = []
        let end = MonotonicClock.microseconds + 2_000_000
        while MonotonicClock.microseconds < end {
            if let lease = mailbox.take() { sequences.append(lease.info.sequence) }
            try await Task.sleep(for: .milliseconds(2))
        }
        mailbox.demand.remove()
        #expect(sequences.count > 60, "\(sequences.count) frames in 2 s")
        #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 })
        // The frame's number is its time: 2 s are 100 numbers, whatever was skipped.
        let span = Int(sequences[sequences.count - 1] - sequences[0])
        #expect((90...105).contains(span), "\(span) numbers in 2 s")

        await group.triggerGracefulShutdown()
        try await running.value
        let count = controls.frameCount
        try await Task.sleep(for: .milliseconds(100))
        #expect(controls.frameCount == count)
        var rendered = 0
        while let event = events.pop() { rendered += event.outcome == .rendered ? Int(event.count) : 0 }
        #expect(rendered == Int(count) || events.refusedCount > 0)
    }

    @Test("deadlines are absolute, and what is over is passed over")
    func clock() {
        var clock = FrameClock(start: 1_000_000_000, fps: 60)
        #expect(clock.deadline == 1_000_000_000)
        #expect(clock.advance(now: 1_001_000_000) == 0)
        #expect(clock.deadline == 1_016_666_666)
        // 100 ms later frame 6 is running; frames 2 to 5 are lost.
        #expect(clock.advance(now: 1_100_000_001) == 4)
        #expect(clock.frame == 6)
        for _ in 0..<594 { _ = clock.advance(now: clock.deadline) }
        #expect(clock.deadline == 11_000_000_000, "600 frames are 10 s, to the nanosecond")
    }

    @Test(
        "the picture moves evenly, whatever the rates of engine and frames are",
        arguments: [(93.75, 60.0), (120, 60), (93.75, 144), (30, 60), (120, 25)])
    func evenMotion(samples: Double, frames: Double) {
        let buffer = TripleBuffer(TimedState())
        var interpolator = StateInterpolator(buffer)
        var state = EngineState()
        var published = 0
        var steps: [Double] = []
        var last: Double?
        for frame in 1...200 {
            let now = Double(frame) / frames
            // Published up to a fifth of an interval late, as by a busy machine.
            while (Double(published + 1) + 0.2 * Double(published % 2)) / samples <= now {
                published += 1
                var sample = TimedState(interval: 1 / samples)
                sample.state.frameID = UInt64(published)
                sample.state.time = Double(published) / samples
                sample.state.channels[0].amplitude = sample.state.time / 10
                sample.monotonic = UInt64(sample.state.time * 1e6)
                buffer.publish(sample)
            }
            interpolator.state(at: UInt64(now * 1e6), into: &state)
            // What is drawn is where the amplitude is, not what the clock says.
            let drawn = state.channels[0].amplitude * 10
            if let last, now > 0.5 { steps.append(drawn - last) }
            last = drawn
        }
        for step in steps { #expect(abs(step * frames - 1) < 0.01, "a step of \(step * frames) frames") }
        #expect(!steps.isEmpty)
    }

    @Test(
        "the sample that is told is the newer of the two that were drawn, and the clock goes on when samples stay away")
    func interpolation() {
        let buffer = TripleBuffer(TimedState())
        var interpolator = StateInterpolator(buffer)
        var state = EngineState()
        for n in 1...3 {
            var sample = TimedState(interval: 0.01)
            sample.state.time = Double(n) * 0.01
            sample.state.frameID = UInt64(n)
            sample.state.channels[0].amplitude = Double(n) * 0.1
            sample.monotonic = UInt64(n) * 10_000
            buffer.publish(sample)
            interpolator.state(at: sample.monotonic, into: &state)
        }
        // 12.5 ms behind 30 ms: between the first and the second.
        #expect(abs(state.channels[0].amplitude - 0.175) < 1e-9)
        #expect(interpolator.drawnSample == (2, 20_000))
        interpolator.state(at: 37_500, into: &state)
        #expect(abs(state.channels[0].amplitude - 0.25) < 1e-9)
        #expect(interpolator.drawnSample == (3, 30_000))
        // A second of silence: the motion went on for two samples, and held.
        interpolator.state(at: 430_000, into: &state)
        #expect(abs(state.channels[0].amplitude - 0.5) < 1e-9)
        #expect(abs(state.time - 0.4175) < 1e-6)
    }

    /// What is drawn of an engine whose amplitude and phase grow steadily, 100 samples and 100 frames a second, but for the
    /// samples in `missing`.
    private func drawn(seconds: Double, missing: ClosedRange<Int>) -> [EngineState] {
        let buffer = TripleBuffer(TimedState())
        var interpolator = StateInterpolator(buffer)
        var state = EngineState(), drawn: [EngineState] = []
        for n in 1...Int(seconds * 100) {
            if !missing.contains(n) {
                var sample = TimedState(interval: 0.01)
                sample.state.time = Double(n) * 0.01
                sample.state.frameID = UInt64(n)
                sample.state.channels[0].amplitude = Double(n) * 0.0005
                sample.state.channels[0].phase = Angle.wrap(Double(n) * 0.3)
                sample.state.phi.phase = Angle.wrap(Double(n) * 0.01)
                sample.monotonic = UInt64(n) * 10_000
                buffer.publish(sample)
            }
            interpolator.state(at: UInt64(n) * 10_000, into: &state)
            if n > 3 { drawn.append(state) }
        }
        return drawn
    }

    @Test("a missing sample is bridged: the picture moves on as if it were there", arguments: [50...50, 50...51])
    func bridged(missing: ClosedRange<Int>) {
        for (a, b) in drawn(seconds: 1, missing: missing).zipped() {
            #expect(abs(Angle.difference(from: a.channels[0].phase, to: b.channels[0].phase) - 0.3) < 1e-6)
            #expect(abs(b.channels[0].amplitude - a.channels[0].amplitude - 0.0005) < 1e-9)
        }
    }

    @Test("however long samples stay away, nothing jumps: not when the picture stops, nor when they come back")
    func noJump() {
        for length in [3, 10, 45, 70, 200, 600] {
            for (a, b) in drawn(seconds: 10, missing: 100...(99 + length)).zipped() {
                let turn = Angle.difference(from: a.channels[0].phase, to: b.channels[0].phase)
                // π, the most that a phase can be off by, fades within 0.1 s to 0.5 s.
                let most: Double = 0.3 + 0.15 * .pi
                #expect(abs(turn) < most, "\(length) samples: \(turn) rad at \(b.time)")
                #expect(abs(b.channels[0].amplitude - a.channels[0].amplitude) < 0.02)
                #expect(abs(b.phi.depth - a.phi.depth) < 0.04)
                #expect(abs(b.time - a.time - 0.01) < 1e-6)
            }
        }
    }

    @Test("an engine that has gone silent breathes: amplitudes at a calm level, deep enough to see, Φ goes on")
    func rest() throws {
        let states = drawn(seconds: 10, missing: 100...1_000)
        let resting = states.suffix(500)
        let breathing = resting.map(\.breathing)
        #expect(breathing.max().map { $0 > 0.8 } == true && breathing.min().map { $0 < 0.2 } == true)
        for k in 0..<8 { #expect(resting.allSatisfy { abs($0.channels[k].amplitude - 0.4) < 1e-9 }) }
        let first = try #require(resting.first), last = try #require(resting.last)
        let turned = Angle.difference(from: first.phi.phase, to: last.phi.phase)
        #expect(abs(turned - Angle.turn * first.phi.frequency * 4.99) < 1e-6 || abs(turned) > 3)
        #expect(first.channels[7].phase != last.channels[7].phase)
        // For half a second after the bridge it only holds.
        #expect(states[120].channels[0].amplitude == states[140].channels[0].amplitude)
    }
}

extension Array {
    /// Each element with the next.
    fileprivate func zipped() -> Zip2Sequence<Self, ArraySlice<Element>> { zip(self, dropFirst()) }
}
