import Foundation
import Handoff
import PhiModel
import Testing

@testable import PhiEngine

@Suite("Pushed states")
struct LiveSourceTests {
    private func push(_ inbox: StateInbox, _ json: String) -> String? {
        do throws(StateDocumentError) {
            try inbox.put(json: Data(json.utf8))
            return nil
        } catch { return "\(error)" }
    }

    @Test("the newest sample counts; what it lacks is derived, and what it has is kept")
    func derived() throws {
        let inbox = StateInbox()
        let source = LiveSource(inbox)
        var state = EngineState()
        source.advance(to: 0.1, into: &state)
        #expect(state.frameID == 0 && source.health.condition == .waiting)
        #expect(source.health.detail?.contains("/api/state") == true)
        #expect(push(inbox, #"{"ici": 0.9}"#) == nil)
        #expect(push(inbox, #"{"frequencies": [1,2,3,4,5,6,7,8], "ici": 2, "phases": [0,0,0,0,0,0,0,0]}"#) == nil)
        source.advance(to: 0.2, into: &state)
        #expect(state.frameID == 1 && source.health.condition == .running && source.health.counts["accepted"] == 2)
        #expect(state.ici == 1 && source.health.counts["mended_values"] == 1)
        // All phases alike: in order, coupled, and to be seen.
        #expect(abs(state.coherence - 1) < 1e-9 && state.coupling[0, 1] == 1 && state.channels[7].frequency == 8)
        #expect(state.criticality > 0 && state.spectralCentroid > 1 && state.waveforms[0, 100] != 0)
        // Nothing new: nothing moves on.
        source.advance(to: 0.3, into: &state)
        #expect(state.frameID == 1)
        // Phases that nobody gives turn.
        for n in 0..<3 {
            #expect(push(inbox, #"{"frequencies": [1,1,1,1,1,1,1,1]}"#) == nil)
            let before = state.channels[0].phase
            source.advance(to: 0.4 + 0.1 * Double(n), into: &state)
            if n > 0 {
                let turned = Angle.difference(from: before, to: state.channels[0].phase)
                #expect(turned > 0 && turned < 0.8)
            }
        }
    }

    @Test("bad samples are counted, and change nothing; a clock that runs backwards is refused")
    func refused() throws {
        let inbox = StateInbox()
        for bad in [
            "", "{}", "nonsense", #"{"channels": []}"#, #"{"ici": "NaN"}"#, #"{"phi_mode": "moon"}"#,
            #"{"amplitudes": [1,1,1,1,1,1,1,1,1]}"#,
        ] { #expect(push(inbox, bad) != nil, "\(bad)") }
        #expect(inbox.health.counts == ["accepted": 0, "refused": 7, "replaced": 0] && inbox.take() == nil)
        #expect(push(inbox, #"{"ici": 0.1, "timestamp": 1000}"#) == nil)
        #expect(push(inbox, #"{"ici": 0.2, "timestamp": 999.5}"#)?.contains("0.5 s before") == true)
        #expect(inbox.take()?.reading.state.ici == 0.1 && inbox.take() == nil)
        #expect(inbox.health.counts["refused"] == 8)
        for value in [0.3, 0.4, 0.5] { #expect(push(inbox, #"{"ici": \#(value)}"#) == nil) }
        #expect(inbox.take()?.reading.state.ici == 0.5 && inbox.health.counts["replaced"] == 2)
    }

    @Test("in the loop: published when they come, no sooner, and without a busy wait")
    func loop() async throws {
        let inbox = StateInbox()
        let consumer = TripleBuffer(TimedState())
        let loop = EngineLoop(source: LiveSource(inbox), consumers: [consumer])
        let task = Task { try await loop.run() }
        var published = false
        for n in 0..<2_000 where !published {
            _ = push(inbox, #"{"ici": 0.5, "timestamp": \#(1_000 + Double(n) / 100)}"#)
            try await Task.sleep(for: .milliseconds(10))
            published = loop.publishedCount > 20
        }
        #expect(published && loop.isFresh)
        let newest = consumer.latest { sample, _ in copy sample }
        // The sender's clock is years off, and does not matter.
        #expect(abs(newest.state.timestamp - MonotonicClock.unixSeconds) < 5 && newest.state.ici == 0.5)
        #expect(newest.interval >= 1.0 / 240 && newest.interval <= 0.25)
        try await Task.sleep(for: .milliseconds(100))
        let count = loop.publishedCount
        var before = timespec(), after = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before)
        try await Task.sleep(for: .seconds(3))
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after)
        #expect(loop.publishedCount <= count + 1)
        #expect(!loop.isFresh && loop.summary.health.condition == .waiting)
        let seconds = Double(after.tv_sec - before.tv_sec) + Double(after.tv_nsec - before.tv_nsec) * 1e-9
        #expect(seconds < 2, "\(seconds) s of CPU in 3 s")
        task.cancel()
        _ = await task.result
    }

    @Test("the offset of another clock: the quickest message, or better the quickest ping")
    func offset() {
        var offset = ClockOffset()
        // Another clock, 100 s behind; ways of 5 to 50 ms.
        for (n, way) in [0.05, 0.005, 0.03].enumerated() {
            offset.note(arrival: 1_000 + Double(n) + way, timestamp: 900 + Double(n))
        }
        #expect(abs(offset.moment(905, arrival: 1_005.5) - 1_005.005) < 1e-6)
        #expect(offset.moment(905, arrival: 1_004.9) == 1_004.9)
        #expect(offset.moment(nil, arrival: 7) == 7 && offset.moment(.nan, arrival: 7) == 7)
        offset.note(sent: 1_005, answered: 905.4, received: 1_005.8)
        offset.note(sent: 1_006, answered: 906.001, received: 1_006.002)
        #expect(abs(offset.moment(905, arrival: 1_007) - 1_005) < 1e-6)
        // The clock is set: the old estimate is forgotten within half a minute.
        var drifting = ClockOffset()
        drifting.note(arrival: 10, timestamp: 0)
        drifting.note(arrival: 60, timestamp: 40)
        #expect(abs(drifting.moment(41, arrival: 70) - 61) < 1e-6)
    }
}
