import FrameCodec
import Testing

@testable import FrameServer

struct StreamChoiceTests {
    private let streams: [EncodedStream] =
        [60.0, 30, 15].enumerated().map { n, rate in
            EncodedStream(
                id: UInt16(n), codec: "avc1", type: .video, width: 1280, height: 720, framesPerSecond: rate)
        } + [
            EncodedStream(id: 8, codec: "vp09", type: .video, width: 1280, height: 720, framesPerSecond: 60),
            EncodedStream(id: 9, codec: "jpeg", type: .jpeg, width: 1280, height: 720, framesPerSecond: 60),
        ]

    private func choice(_ codecs: [String], _ rate: Double?) -> (id: UInt16, notes: [String])? {
        StreamChoice(StreamWish(codecs: codecs, framesPerSecond: rate), of: streams)
            .map { ($0.stream.id, $0.notes) }
    }

    @Test(
        "Codecs are known by what people call them",
        arguments: [("h264", 0), ("H264", 0), ("avc1.42E01F", 0), ("vp9", 8)])
    func names(_ codec: String, _ id: UInt16) {
        #expect(choice([codec], nil)?.id == id)
        #expect(choice([codec + "x"], nil)?.id != id || codec.contains("."))
    }

    @Test("The fastest that is not too fast", arguments: [(60.0, 0), (59.94, 0), (45, 1), (30, 1), (20, 2), (15, 2)])
    func rates(_ rate: Double, _ id: UInt16) {
        #expect(choice(["avc1", "jpeg"], rate)?.id == id)
        #expect(choice(["avc1", "jpeg"], rate)?.notes == [])
    }

    @Test("Who wants fewer frames than any video has gets stills where it takes them, and is told so")
    func slow() {
        #expect(choice(["avc1", "jpeg"], 10)?.id == 9)
        #expect(choice(["avc1"], 10)?.id == 2)
        #expect(
            choice(["avc1", "jpeg"], 10)?.notes
                == ["no video is as slow as 10 frames a second, the slowest has 15"])
        #expect(choice(["avc1"], 10)?.notes.count == 1)
    }
}
