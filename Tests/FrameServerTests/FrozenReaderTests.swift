import Handoff
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(3)))
struct FrozenReaderTests {
    @Test("Viewers who open and never read, again and again, take neither frames nor memory from the others")
    func frozen() async throws {
        try await LiveServer.run(width: 256, height: 144) { live in
            try await Watcher.watching(live.test, "/ws/frames?codec=avc1") { video in
                try await Watcher.watching(live.test) { stills in
                    #expect(await video.getsFrames(30))
                    #expect(await stills.getsFrames(30))
                    let alone = try await rates(live, video, stills, for: .seconds(2))
                    let began = ContinuousClock.now
                    let length = Duration.seconds(TestLength.isLong ? 60 : 9)
                    var frozen: [WebSocketClient] = []
                    var closed = 0, resident: [Int] = [], beside: [Rates] = []
                    while ContinuousClock.now - began < length {
                        // The server ends each after two seconds in which nothing was read; another takes its place.
                        closed += max(0, frozen.count + 2 - live.test.hub.viewerCount)
                        let kept = max(0, live.test.hub.viewerCount - 2)
                        while frozen.count > kept { await frozen.removeFirst().socket.close() }
                        while frozen.count < 6 {
                            let codec = ["jpeg", "avc1"][(closed + frozen.count) % 2]
                            frozen.append(try await freeze(live.test, codec))
                        }
                        beside.append(try await rates(live, video, stills, for: .seconds(1)))
                        resident.append(ProcessFigures.residentBytes)
                    }
                    #expect(closed >= 3)
                    #expect(video.seen.ended == nil && stills.seen.ended == nil)
                    let mean = Rates(of: beside)
                    if TestLength.isLong {
                        print("alone \(alone), beside frozen readers \(mean), \(closed) closed, resident MB:")
                        print(resident.map { $0 >> 20 })
                    }
                    #expect(mean.video > alone.video * 0.7, "\(mean) beside frozen readers, \(alone) alone")
                    #expect(mean.stills > alone.stills * 0.7, "\(mean) beside frozen readers, \(alone) alone")
                    // By then every encoder that is ever needed has run.
                    let settled = resident[resident.count / 3], last = resident.suffix(3).min() ?? 0
                    #expect(last - settled < 12 << 20, "\(resident)")
                }
            }
        }
    }

    /// Frames of those that were drawn, from 0 to 1.
    private struct Rates {
        var video: Double
        var stills: Double

        init(video: Double, stills: Double) {
            self.video = video
            self.stills = stills
        }

        init(of rates: [Rates]) {
            video = rates.map(\.video).reduce(0, +) / Double(rates.count)
            stills = rates.map(\.stills).reduce(0, +) / Double(rates.count)
        }
    }

    private func rates(
        _ live: LiveServer, _ video: Watcher, _ stills: Watcher, for time: Duration
    ) async throws -> Rates {
        let before = (video.seen.frames, stills.seen.frames, live.test.statistics.snapshot().renderedTotal)
        try await Task.sleep(for: time)
        let drawn = Double(max(1, live.test.statistics.snapshot().renderedTotal - before.2))
        return Rates(
            video: Double(video.seen.frames - before.0) / drawn, stills: Double(stills.seen.frames - before.1) / drawn)
    }

    private func freeze(_ server: TestServer, _ codec: String) async throws -> WebSocketClient {
        let client = try await WebSocketClient.open(server, "/ws/frames?codec=\(codec)")
        try await client.socket.setReading(false)
        return client
    }
}
