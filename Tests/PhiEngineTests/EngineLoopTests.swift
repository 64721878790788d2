import Foundation
import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import Testing

@testable import PhiEngine

/// A source whose samples a test decides.
private final class ScriptedSource: StateSource {
    let name = "scripted"
    let sampleRate = 0
    let bufferSize = 0
    let sampleInterval = 0.01
    private let script: (inout EngineState) throws -> Void
    private var strength = 0.0

    init(_ script: @escaping (inout EngineState) throws -> Void) { self.script = script }

    func apply(_ settings: EngineSettings) { strength = settings.couplingStrength }

    func advance(to time: Double, into state: inout EngineState) throws {
        state.frameID = sampleNumber(at: time)
        state.time = Double(state.frameID) * sampleInterval
        state.couplingStrength = strength
        try script(&state)
    }
}

private struct ScriptEnded: Error {}

@Suite("Engine loop", .serialized)
struct EngineLoopTests {
    /// Runs `loop` until `seconds` after its first sample, calls `observe`, cancels; returns what the run threw.
    ///
    /// Other tests may keep the pool of threads busy for seconds, so nothing is measured by when a task resumes.
    private func run(_ loop: EngineLoop, seconds: Double, observe: () -> Void = {}) async throws -> (any Error)? {
        let task = Task { try await loop.run() }
        try await firstSample(of: loop)
        try await Task.sleep(for: .seconds(seconds))
        observe()
        task.cancel()
        if case .failure(let error) = await task.result { return error }
        return nil
    }

    private func firstSample(of loop: EngineLoop) async throws {
        let deadline = MonotonicClock.microseconds + 60_000_000
        while loop.publishedCount == 0 && MonotonicClock.microseconds < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("states come at the source's rate to every consumer, stamped, and stop promptly")
    func realTime() async throws {
        let consumers = [TripleBuffer(TimedState()), TripleBuffer(TimedState())]
        let loop = EngineLoop(source: SyntheticSource(seed: 1), consumers: consumers)
        #expect(!loop.isFresh)
        var publishedAtStop: UInt64 = 0
        let error = try await run(loop, seconds: 1) {
            let now = MonotonicClock.microseconds
            publishedAtStop = loop.publishedCount
            #expect(loop.isFresh)
            for consumer in consumers {
                let newest = consumer.latest { sample, _ in copy sample }
                #expect(newest.state.frameID > 50)
                #expect(abs(newest.state.time - Double(newest.state.frameID) / 120) < 1e-9)
                #expect(abs(newest.state.timestamp - MonotonicClock.unixSeconds) < 1)
                // The sample stands for a moment that has just been.
                #expect(newest.monotonic <= now && now - newest.monotonic < 500_000)
                #expect(abs(newest.engineTime(at: newest.monotonic + 500_000) - newest.state.time - 0.5) < 1e-9)
                // No more than are due; fewer only where the machine was late.
                #expect(loop.publishedCount <= newest.state.frameID + 2)
                #expect(Double(loop.publishedCount) > 0.4 * Double(newest.state.frameID))
            }
        }
        #expect(error == nil)
        #expect(loop.publishedCount - publishedAtStop <= 2)
        try await Task.sleep(for: .seconds(0.6))
        #expect(!loop.isFresh)
    }

    @Test("a graceful shutdown ends it without an error")
    func graceful() async throws {
        let loop = EngineLoop(source: SyntheticSource(seed: 1), consumers: [])
        let group = ServiceGroup(services: [loop], logger: .init(label: "test"))
        let task = Task { try await group.run() }
        try await firstSample(of: loop)
        await group.triggerGracefulShutdown()
        try await task.value
        #expect(loop.publishedCount > 0)
    }

    @Test("a source that fails is told of, nothing is published after, and another takes over")
    func failingSource() async throws {
        let consumer = TripleBuffer(TimedState())
        let source = ScriptedSource { if $0.frameID >= 5 { throw ScriptEnded() } }
        let loop = EngineLoop(source: source, consumers: [consumer])
        var last: UInt64 = 0
        let error = try await run(loop, seconds: 0.5) {
            #expect(loop.summary.health.condition == .failed)
            #expect(!loop.isFresh)
            last = loop.publishedCount
            #expect((1...5).contains(last))
            usleep(100_000)
            #expect(loop.publishedCount == last)
            let before = consumer.latest { sample, _ in sample.state }
            loop.replace(with: ScriptedSource { $0.ici = 0.5 })
            usleep(300_000)
            let after = consumer.latest { sample, _ in sample.state }
            #expect(loop.summary.health.condition == .running)
            #expect(after.frameID > before.frameID)
            #expect(after.time > before.time)
        }
        #expect(error == nil)
    }

    @Test("another source takes over without a jump, and numbers and time go on")
    func exchange() async throws {
        let consumer = TripleBuffer(TimedState())
        let loop = EngineLoop(source: ScriptedSource { $0.ici = 0.1 }, consumers: [consumer])
        _ = try await run(loop, seconds: 0.2) {
            loop.replace(with: ScriptedSource { $0.ici = 0.9 })
            var values: [(time: Double, ici: Double)] = []
            for _ in 0..<300 {
                usleep(5_000)
                let state = consumer.latest { sample, _ in sample.state }
                if values.last?.time != state.time { values.append((state.time, state.ici)) }
                if let last = values.last, last.ici > 0.899 { break }
            }
            #expect((values.last?.ici ?? 0) > 0.899)
            for (a, b) in zip(values, values.dropFirst()) {
                #expect(b.time > a.time)
                // The steepest part of the change is 0.8 · 1.5 / 0.7 s.
                #expect(b.ici - a.ici <= (b.time - a.time) * 1.8 + 0.01)
            }
        }
    }

    @Test("paused, time stands still and states stay fresh; it goes on from there")
    func paused() async throws {
        let consumer = TripleBuffer(TimedState())
        let loop = EngineLoop(source: SyntheticSource(seed: 1), consumers: [consumer])
        _ = try await run(loop, seconds: 0.2) {
            loop.change { $0.isPaused = true }
            usleep(150_000)
            let first = consumer.latest { sample, _ in copy sample }
            usleep(700_000)
            let second = consumer.latest { sample, _ in copy sample }
            #expect(second.state.time == first.state.time)
            #expect(second.monotonic > first.monotonic)
            #expect(loop.isFresh)
            loop.change { $0.isPaused = false }
            usleep(200_000)
            let third = consumer.latest { sample, _ in copy sample }
            #expect(third.state.time > second.state.time)
            #expect(third.state.time < second.state.time + 0.6)
        }
    }

    @Test("Φ comes from where it is wanted, on any engine, and goes over without a jump")
    func phiWishes() {
        let inputs = PhiInputs()
        var director = PhiDirector(inputs)
        var state = EngineState(), last: EngineState?
        func step(_ wish: PhiWish, seconds: Double) {
            for _ in 0..<Int(seconds * 100) {
                let time = state.time + 0.01
                state = EngineState()
                state.time = time
                state.phi.depth = 0.4
                state.phi.mode = .audio
                director.direct(&state, wish)
                if let last { #expect(abs(state.phi.depth - last.phi.depth) < 0.1) }
                last = state
            }
        }
        step(.engine, seconds: 0.5)
        #expect(state.phi.depth == 0.4 && state.phi.mode == .audio)
        step(.manual(depth: 1.5, phase: 2), seconds: 1)
        #expect(state.phi.depth == 1.5 && state.phi.phase == 2 && state.phi.mode == .manual)
        step(.internal(frequency: 0.5), seconds: 1)
        let before = state.phi.phase
        step(.internal(frequency: 0.5), seconds: 0.5)
        #expect(abs(Angle.difference(from: before, to: state.phi.phase) - Angle.turn / 4) < 0.01)
        inputs.put(.midi, depth: 1.2, phase: 1)
        inputs.put(.midi, depth: .nan, phase: nil)
        step(.midi, seconds: 1)
        #expect(abs(state.phi.depth - 1.2) < 1e-6 && abs(state.phi.phase - 1) < 1e-6 && state.phi.mode == .midi)
        inputs.put(.midi, depth: 9, phase: nil)
        step(.midi, seconds: 1)
        #expect(abs(state.phi.depth - GoldenRatio.phi) < 1e-6)
        step(.sensor, seconds: 1)
        #expect(abs(state.phi.depth - PhiModulation.restingDepth) < 1e-6)
    }

    @Test("a slow source skips to the newest sample")
    func slowSource() async throws {
        let consumer = TripleBuffer(TimedState())
        let source = ScriptedSource { _ in usleep(60_000) }
        let loop = EngineLoop(source: source, consumers: [consumer])
        let error = try await run(loop, seconds: 1) {
            // At 60 ms a sample of 10 ms, five of six are left out; queued, the engine would be at 0.17 s after one.
            let newest = consumer.latest { sample, _ in copy sample }
            #expect(loop.publishedCount <= newest.state.frameID / 4)
            #expect(newest.state.time > 0.7)
        }
        #expect(error == nil)
    }

    @Test("after a standstill of more than two seconds the engine goes on from where it stood")
    func standstill() async throws {
        let consumer = TripleBuffer(TimedState())
        let source = ScriptedSource { if $0.frameID == 5 { usleep(2_400_000) } }
        let loop = EngineLoop(source: source, consumers: [consumer])
        let begin = MonotonicClock.microseconds
        let error = try await run(loop, seconds: 3) {
            let newest = consumer.latest { sample, _ in copy sample }
            let now = MonotonicClock.microseconds
            #expect(newest.state.time > 0.1)
            #expect(newest.state.time < Double(now - begin) * 1e-6 - 2)
            // The sample's moment is still that of the clock.
            #expect(now - newest.monotonic < 500_000)
        }
        #expect(error == nil)
    }

    @Test("other settings reach the source from any thread; of several the newest wins")
    func settings() async throws {
        let consumer = TripleBuffer(TimedState())
        let loop = EngineLoop(source: ScriptedSource { _ in }, consumers: [consumer])
        _ = try await run(loop, seconds: 0) {
            for n in 1...100 { loop.apply(EngineSettings(couplingStrength: Double(n) / 100)) }
            usleep(200_000)
        }
        #expect(consumer.latest { sample, _ in sample.state.couplingStrength } == 1)
    }

    @Test("values that are not numbers are replaced and counted before anybody sees them")
    func sanitising() async throws {
        let consumer = TripleBuffer(TimedState())
        let source = ScriptedSource { state in
            state.ici = .nan
            state.channels[2].amplitude = 7
        }
        let loop = EngineLoop(source: source, consumers: [consumer])
        _ = try await run(loop, seconds: 0.2)
        let newest = consumer.latest { sample, _ in copy sample }
        #expect(newest.state.ici == 0 && newest.state.channels[2].amplitude == 1)
        #expect(!newest.state.valid)
        #expect(loop.replacedCount == loop.publishedCount && loop.clampedCount == loop.publishedCount)
    }

    @Test("cancelled before it began it ends at once; a second run is refused")
    func edges() async throws {
        let loop = EngineLoop(source: SyntheticSource(seed: 1), consumers: [])
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await loop.run()
        }
        try await task.value
        #expect(loop.publishedCount == 0)
        var caught: (any Error)?
        do { try await loop.run() } catch { caught = error }
        #expect(caught as? EngineError == .alreadyRan)
    }

    @Test("it works on a thread of its own, by name, which is gone when the run has ended")
    func ownThread() async throws {
        let names = Names()
        let source = ScriptedSource { _ in names.add() }
        let loop = EngineLoop(source: source, consumers: [])
        _ = try await run(loop, seconds: 0.1)
        #expect(names.all == ["phi-engine"])
        #expect(!Self.threadNames().contains("phi-engine"))
    }

    private static func threadNames() -> [String] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
            .map { $0.trimmingCharacters(in: .newlines) }
    }

    /// The names of the threads that called `add`.
    private final class Names: @unchecked Sendable {
        // Written by the engine's thread, read after it has ended.
        private(set) var all: Set<String> = []

        func add() {
            let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
            all.insert(name.trimmingCharacters(in: .newlines))
        }
    }
}
