import FrameCodec
import Handoff
import Telemetry
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct IdleEncoderTests {
    @Test("While nobody watches, no encoder is called and its thread sleeps, whoever was there before")
    func nobody() async throws {
        try await LiveServer.run { live in
            #expect(await eventually { live.test.statistics.snapshot().renderedTotal > 10 })
            #expect(live.test.statistics.snapshot().encodedTotal == 0)
            #expect(ProcessFigures.sleeps(ofThreads: "phi-encode").isEmpty, "nobody ever wanted anything")
            for path in ["/ws/frames?codec=avc1", "/ws/frames?codec=jpeg", "/stream.mjpg"] {
                if path.hasPrefix("/ws") {
                    try await Watcher.watching(live.test, path) { #expect(await $0.getsFrames(10)) }
                } else {
                    let player = try await TestSocket.connect(live.test.port)
                    try await player.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                    let before = live.test.statistics.snapshot().sentTotal
                    #expect(await eventually { live.test.statistics.snapshot().sentTotal > before + 10 })
                    await player.close()
                }
                try await expectSleep(live)
            }
        }
    }

    @Test("A hidden page costs what no page costs, and shows a picture again when it is shown")
    func hidden() async throws {
        try await LiveServer.run { live in
            for codecs in [#""avc1""#, #""jpeg""#, #""vp8","jpeg""#] {
                let viewer = try await WebSocketClient.open(live.test, "/ws/frames")
                try await viewer.send(#"{"type":"subscribe","codecs":[\#(codecs)]}"#)
                try await viewer.acknowledge(viewer.frame().frameNumber)
                try await viewer.acknowledge(0, visible: false)
                try await expectSleep(live)
                try await viewer.acknowledge(0, visible: true)
                // What was on the way is read first.
                var frame = try await viewer.frame()
                let newest = live.test.statistics.snapshot().newestSequence
                while frame.frameNumber < newest {
                    try await viewer.acknowledge(frame.frameNumber)
                    frame = try await viewer.frame()
                }
                await viewer.socket.close()
                #expect(await eventually { live.test.hub.viewerCount == 0 })
            }
        }
    }

    /// Expects that pictures are drawn, and that nothing comes of them.
    private func expectSleep(_ live: LiveServer) async throws {
        #expect(await eventually { !live.catalog.streams.contains { $0.demand.isWanted } })
        // What was offered before is still encoded.
        try await Task.sleep(for: .milliseconds(250))
        let before = live.test.statistics.snapshot(), sleeps = ProcessFigures.sleeps(ofThreads: "phi-encode")
        #expect(!sleeps.isEmpty)
        try await Task.sleep(for: .milliseconds(750))
        let after = live.test.statistics.snapshot()
        #expect(after.renderedTotal > before.renderedTotal + 5)
        #expect(after.encodedTotal == before.encodedTotal)
        #expect(after.sentTotal == before.sentTotal)
        for (thread, count) in ProcessFigures.sleeps(ofThreads: "phi-encode") {
            // One turn is the look after five seconds whether somebody came back, and its memory given back.
            #expect(count - (sleeps[thread] ?? 0) <= 3, "\(thread)")
        }
    }
}
