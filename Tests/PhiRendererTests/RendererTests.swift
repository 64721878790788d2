import Foundation
import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import Testing
import VulkanKit

@testable import PhiRenderer

@Suite("Renderer", .validated)
struct RendererTests {
    @Test(
        "every size and shape draws without a word from the validation layer",
        arguments: [(16, 16), (640, 360), (360, 640), (1000, 300), (1920, 1080), (333, 777)])
    func sizes(width: Int, height: Int) throws {
        let test = try TestRenderer(width: width, height: height)
        for entry in SceneCatalog.entries {
            let picture = try test.picture(entry.name)
            #expect((picture.width, picture.height) == (width, height))
            #expect(picture.isOpaque)
        }
    }

    @Test("every quality level draws its own picture, close to the full one", arguments: 0...5)
    func qualities(level: Int) throws {
        let quality = try #require(QualityLevel(level))
        let test = try TestRenderer(quality: quality)
        let full = try TestRenderer()
        let picture = try test.picture("topology"), best = try full.picture("topology")
        #expect(picture.isOpaque)
        if level == 5 {
            #expect(picture == best)
        } else {
            #expect(picture.difference(best) > 0)
            // Of the whole picture only few pixels are far off: the same things are in the same places.
            let far = picture.difference(best, tolerance: 60)
            #expect(far < (level < 4 ? 14_000 : 4_500), "\(far) pixels")
        }
        #expect(QualityLevel(level == 5 ? 6 : -1) == nil)
    }

    @Test("frames in flight come back in order, each with its own picture", arguments: [1, 2, 3])
    func framesInFlight(count: Int) throws {
        let test = try TestRenderer(width: 320, height: 180, framesInFlight: count)
        let renderer = test.renderer
        var state = EngineState.lively
        var pictures: [(UInt32, Picture)] = []
        func finish() throws {
            guard let lease = try renderer.finish() else { throw RendererError.allBuffersBusy }
            pictures.append((lease.info.sequence, Picture(lease)))
        }
        for n in 0..<7 {
            state.channels[0].amplitude = Double(n) / 7
            var info = FrameInfo()
            info.sequence = UInt32(n)
            info.presentationTime = MonotonicClock.microseconds
            try renderer.submit(state, FrameContent(scene: 0), info: info, lease: renderer.pool.acquire())
            if renderer.pending == renderer.framesInFlight { try finish() }
        }
        while renderer.pending > 0 { try finish() }
        #expect(pictures.map(\.0) == Array(0..<7))
        for n in 1..<7 { #expect(pictures[n].1.difference(pictures[n - 1].1) > 100) }
    }

    @Test("a picture that cannot be is refused with the limit")
    func tooLarge() throws {
        let instance = try Instance()
        let device = try Device(instance: instance, physical: try instance.choosePhysicalDevice())
        #expect(throws: RendererError.tooLarge(width: 20_000, height: 16, limit: 16_384)) {
            try FrameRenderer(device: device, options: RendererOptions(width: 20_000, height: 16))
        }
    }

    @Test("an unknown scene is refused with those there are")
    func unknownScene() {
        #expect(throws: RendererError.unknownScene("nebula", available: SceneCatalog.entries.map(\.name))) {
            try SceneCatalog.index(of: "nebula")
        }
    }

    @Test("an unknown device is refused with those there are")
    func unknownDevice() throws {
        let instance = try Instance()
        do {
            _ = try instance.choosePhysicalDevice("no such device")
            Issue.record("a device was found")
        } catch VulkanError.unknownDevice(let name, let available) {
            #expect(name == "no such device")
            #expect(available.count == (try instance.physicalDevices().count))
        }
        #expect(try instance.choosePhysicalDevice("0").index == 0)
    }

    @Test("values that make no sense still give a sensible picture", arguments: SceneCatalog.entries.map(\.name))
    func nonsense(name: String) throws {
        let test = try TestRenderer()
        var state = EngineState()
        for k in 0..<EngineState.channelCount {
            state.channels[k] = ChannelState(frequency: -.infinity, amplitude: .nan, phase: 1e300)
            for n in 0..<Waveforms.length { state.waveforms[k, n] = n % 2 == 0 ? .infinity : -.greatestFiniteMagnitude }
        }
        state.phi.depth = .nan
        state.coherence = .infinity
        var sanitizer = StateSanitizer()
        sanitizer.sanitize(&state)
        #expect(!state.valid)
        let picture = try test.picture(name, state)
        #expect(picture.isOpaque)
        #expect(picture.colorCount > 50)
        var silent = EngineState()
        for k in 0..<EngineState.channelCount { silent.channels[k].amplitude = 0 }
        #expect(try test.picture(name, silent).colorCount > 50)
    }
}

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
                #expect(abs(turn) < 0.3 + 1.5 * .pi * 0.01 / 0.1, "\(length) samples: \(turn) rad at \(b.time)")
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

@Suite("Text")
struct TextTests {
    private func string(_ text: FixedText) -> String {
        String(decoding: (0..<text.count).map { text[$0] }, as: UTF8.self)
    }

    @Test("numbers are written as people write them")
    func numbers() {
        var text = FixedText("a ")
        text.append(-1.496, decimals: 2)
        text.append(" ")
        text.append(1234.5, decimals: 0)
        #expect(string(text) == "a -1.50 1235")
        for (hertz, wanted) in [
            (0.5, "0.50 Hz"), (14.517, "14.5 Hz"), (439.4, "439 Hz"), (1857.8, "1.86 kHz"), (9.999, "10.0 Hz"),
            (999.6, "1.00 kHz"),
        ] {
            var frequency = FixedText()
            frequency.append(hertz: hertz)
            #expect(string(frequency) == wanted)
        }
        var nothing = FixedText()
        nothing.append(.nan, decimals: 2)
        #expect(string(nothing) == "-")
    }

    @Test("too much text is cut, not a fault")
    func capacity() {
        var text = FixedText()
        for _ in 0..<100 { text.append("x") }
        #expect(text.count == 40)
    }

    @Test("digits have one width, and glyphs lie within the atlas")
    func atlas() throws {
        let atlas = try GlyphAtlas(fontPath: try FontFile.find(), unit: 1)
        for style in TextStyle.allCases {
            let face = atlas.face(style)
            #expect(Set((48...57).map { face.glyph($0).advance }).count == 1)
            for code in UInt8(32)...126 {
                let glyph = face.glyph(code)
                #expect(glyph.atlasX + Int(glyph.width) <= atlas.width)
                #expect(glyph.atlasY + Int(glyph.height) <= atlas.height)
            }
        }
        #expect(throws: RendererError.unreadableFont("/dev/null")) {
            try GlyphAtlas(fontPath: "/dev/null", unit: 1)
        }
    }
}
