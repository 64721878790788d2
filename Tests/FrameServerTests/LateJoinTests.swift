import FrameCodec
import Handoff
import NIOCore
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct LateJoinTests {
    private enum First {
        case picture, key
    }

    @Test("Who joins late has a picture at once: the last still, or a key frame that is made for it")
    func joining() async throws {
        try await LiveServer.run(width: 640, height: 360) { live in
            try await Watcher.watching(live.test, "/ws/frames?codec=avc1") { early in
                #expect(await early.getsFrames(30))
                let both = try await median(of: 9, pause: .milliseconds(60)) {
                    try await join(live.test, #""avc1.42E01F","jpeg""#, until: .picture)
                }
                let stills = try await median(of: 9, pause: .milliseconds(60)) {
                    try await join(live.test, #""jpeg""#, until: .picture)
                }
                // Key frames are at least half a second apart, so the median of any joins contains such a wait.
                let video = try await median(of: 7, pause: .milliseconds(230)) {
                    try await join(live.test, #""avc1.42E01F""#, until: .key)
                }
                if TestLength.isLong { print("H.264 or JPEG \(both), JPEG \(stills), H.264 alone \(video)") }
                #expect(both < .milliseconds(600))
                #expect(stills < .milliseconds(600))
                #expect(video < .milliseconds(1_600))
                #expect(early.seen.ended == nil)
            }
        }
    }

    @Test("The first viewer of all waits no longer, though the encoder has to start")
    func first() async throws {
        for codec in [#""avc1.42E01F","jpeg""#, #""jpeg""#, #""vp09.00.40.08""#] {
            try await LiveServer.run(width: 320, height: 180) { live in
                let time = try await join(live.test, codec, until: .key)
                if TestLength.isLong { print("first of all, \(codec): \(time)") }
                #expect(time < .milliseconds(2_000), "\(codec)")
            }
        }
    }

    private func median(
        of count: Int, pause: Duration, _ body: () async throws -> Duration
    ) async throws -> Duration {
        var times: [Duration] = []
        for _ in 0..<count {
            times.append(try await body())
            try await Task.sleep(for: pause)
        }
        return times.sorted()[count / 2]
    }

    /// From the first packet of the connection to the first frame: any, or a key frame of the stream itself.
    private func join(_ server: TestServer, _ codecs: String, until first: First) async throws -> Duration {
        let began = ContinuousClock.now
        let client = try await WebSocketClient.open(server, "/ws/frames")
        try await client.send(#"{"type":"subscribe","codecs":[\#(codecs)]}"#)
        let frame = try await client.frame()
        let time = ContinuousClock.now - began
        let flags = frame.getInteger(at: frame.readerIndex + 3, as: UInt8.self) ?? 0
        #expect(flags & 1 == 1, "nothing but a key frame can be shown first")
        if first == .key, codecs.hasPrefix(#""avc1""#) { #expect(frame.getInteger(at: 2, as: UInt8.self) == 1) }
        await client.socket.close()
        return time
    }
}
