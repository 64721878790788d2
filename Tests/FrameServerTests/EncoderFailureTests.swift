import Handoff
import Testing

@testable import FrameCodec
@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct EncoderFailureTests {
    @Test("An encoder that fails while it runs is replaced, and its viewers keep their connections")
    func replaced() async throws {
        let ladder = EncoderLadder(.h264, rungs: [.failing("brittle", after: 20), .failing("good", after: nil)])
        try await LiveServer.run(ladders: [ladder]) { live in
            try await Watcher.watching(live.test, "/ws/frames?codec=avc1") { first in
                try await Watcher.watching(live.test, "/ws/frames?codec=avc1") { second in
                    for viewer in [first, second] {
                        #expect(await eventually { viewer.seen.configs.last?.encoder == "good" })
                        #expect(await viewer.getsFrames(30))
                        #expect(viewer.seen.discontinuities >= 1)
                    }
                    #expect(first.seen.configs.map(\.encoder) == ["brittle", "good"])
                }
            }
        }
    }

    @Test("Where every encoder fails again and again, viewers are given their next codec, and who has none is told")
    func hopeless() async throws {
        let ladder = EncoderLadder(.h264, rungs: [.failing("one", after: 0), .failing("two", after: 3)])
        try await LiveServer.run(ladders: [ladder]) { live in
            let subscribe = #"{"type":"subscribe","codecs":["avc1","jpeg"]}"#
            try await Watcher.watching(live.test, "/ws/frames", subscribe: subscribe) { viewer in
                let only = try await WebSocketClient.open(live.test, "/ws/frames?codec=avc1")
                #expect(await only.closeCode() == 4002)
                #expect(await eventually { viewer.seen.configs.last?.codec == "jpeg" })
                #expect(await viewer.getsFrames(30))
            }
        }
    }

    @Test("A stream without an encoder is offered again after a while")
    func again() async throws {
        try await LiveServer.run(ladders: [EncoderLadder(.h264, rungs: [.failing("good", after: nil)])]) { live in
            for stream in live.catalog.streams where stream.isVideo {
                stream.failed("There was none.", retryAfter: 500_000)
            }
            let subscribe = #"{"type":"subscribe","codecs":["avc1","jpeg"]}"#
            try await Watcher.watching(live.test, "/ws/frames", subscribe: subscribe) { viewer in
                #expect(await viewer.getsFrames(3))
            }
            #expect(await eventually { !live.catalog.streams.contains { $0.refusal != nil } })
            let hello = try await WebSocketClient.open(live.test, "/ws/frames").text("hello")
            #expect(hello["codecs"] as? [String] == ["avc1.42E01F", "jpeg"])
            try await Watcher.watching(live.test, "/ws/frames", subscribe: subscribe) { viewer in
                #expect(await eventually { viewer.seen.configs.last?.encoder == "good" })
                #expect(await viewer.getsFrames(10))
            }
        }
    }
}

extension EncoderLadder.Rung {
    /// An encoder that answers each picture with a few bytes, until it fails.
    fileprivate static func failing(_ name: String, after count: Int64?) -> EncoderLadder.Rung {
        EncoderLadder.Rung(name: name) { (_) throws(CodecError) in FailingEncoder(name: name, after: count) }
    }
}

private final class FailingEncoder: VideoEncoder {
    let name: String
    let isHardware = false
    let header: [UInt8] = []
    private let count: Int64?

    init(name: String, after count: Int64?) {
        self.name = name
        self.count = count
    }

    func encode(_ picture: PlanarPicture?, index: Int64, isKeyWanted: Bool) throws(CodecError) -> [VideoPacket] {
        if let count, index >= count { throw .failed(codec: name, reason: "it broke") }
        return [VideoPacket(bytes: [0, 0, 0, 1], isKey: isKeyWanted, index: index, decodingIndex: index)]
    }

    func change(bitsPerSecond: Int) -> Bool { true }
}
