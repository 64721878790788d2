import FrameCodec
import Handoff
import NIOCore
import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct EpochChangeTests {
    @Test("When the picture's size changes, every viewer of every codec goes on with a new config and a key frame")
    func resize() async throws {
        try await LiveServer.run { live in
            try await Watcher.watching(live.test, "/ws/frames?codec=avc1") { h264 in
                try await Watcher.watching(live.test, "/ws/frames?codec=vp09") { vp9 in
                    try await Watcher.watching(live.test, "/ws/frames?codec=vp8") { vp8 in
                        try await Watcher.watching(live.test) { jpeg in
                            let all = [h264, vp9, vp8, jpeg]
                            for viewer in all { #expect(await viewer.getsFrames(10)) }
                            for (n, width) in [96, 64, 128].enumerated() {
                                live.camera.resize(width: width, height: width * 3 / 4)
                                for viewer in all {
                                    let isThere = await eventually(within: .seconds(10)) {
                                        viewer.seen.configs.last?.width == width
                                    }
                                    #expect(isThere)
                                    #expect(await viewer.getsFrames(10))
                                    #expect(viewer.seen.keys >= n + 2)
                                }
                            }
                            for viewer in all {
                                let configs = viewer.seen.configs
                                #expect(configs.map(\.width) == [128, 96, 64, 128])
                                #expect(zip(configs, configs.dropFirst()).allSatisfy { $0.epoch < $1.epoch })
                                #expect(Set(configs.map { $0.codec.prefix(4) }).count == 1)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("A viewer who asks for another size, and another codec, gets them on the same connection")
    func anotherWish() async throws {
        try await LiveServer.run { live in
            let viewer = try await WebSocketClient.open(live.test, "/ws/frames")
            for (codec, width) in [("avc1", 128), ("avc1", 64), ("jpeg", 32), ("vp8", 128), ("avc1", 128)] {
                try await viewer.send(#"{"type":"subscribe","codecs":["\#(codec)"],"max_width":\#(width)}"#)
                while true {
                    let config = try await viewer.text("config")
                    if (config["codec"] as? String)?.hasPrefix(codec) == true, config["width"] as? Int == width {
                        break
                    }
                }
                let frame = try await viewer.frame()
                #expect(frame.getInteger(at: frame.readerIndex + 36, as: UInt16.self) == UInt16(width))
                #expect((frame.getInteger(at: frame.readerIndex + 3, as: UInt8.self) ?? 0) & 1 == 1)
            }
        }
    }

    @Test("A frame of an epoch before the one that was shown already is not sent")
    func late() async throws {
        let video = EncodedStream(
            id: 1, codec: "avc1.42E01F", type: .video, width: 64, height: 36, framesPerSecond: 60)
        @Sendable func format(_ epoch: UInt32) -> StreamFormat {
            StreamFormat(
                epoch: epoch, codec: "avc1.42C01F", width: 64, height: 36, framesPerSecond: 60, encoder: "simulated")
        }
        @Sendable func frame(_ number: UInt32, _ format: StreamFormat, _ flags: MediaFlags) -> EncodedFrame {
            var info = FrameInfo()
            info.sequence = number
            return EncodedFrame(
                info: info, type: .video, flags: flags, stream: 1, format: format, chain: UInt64(number),
                encodeMicroseconds: 1, message: ByteBuffer(repeating: 0, count: MediaHeader.length))
        }
        try await TestServer.run(streams: [video]) { server in
            video.changed(to: format(2))
            server.hub.publish(makeFrame(1))
            let viewer = try await WebSocketClient.open(server, "/ws/frames")
            try await viewer.send(#"{"type":"subscribe","codecs":["avc1","jpeg"]}"#)
            #expect(try await viewer.frame().frameNumber == 1)
            for frame in [frame(2, format(1), .key), frame(3, format(1), []), frame(4, format(2), .key)] {
                server.hub.publish(frame)
            }
            #expect(try await viewer.frame().frameNumber == 4)
        }
    }
}
