import Testing

@testable import ViewerLoad

struct FrameReadingTests {
    /// A media message as a server frames it.
    private static func media(sequence: UInt32, payload: Int, at presentation: UInt64 = 1_000_000) -> [UInt8] {
        func big(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64(count - 1 - $0))) }
        }
        var header: [UInt8] = [0x56, 1, 1, 1] + big(48, 2) + big(7, 2) + big(3, 4) + big(UInt64(sequence), 4)
        header += big(presentation, 8) + big(2_000, 4) + big(300, 4) + big(40, 4) + big(1_280, 2) + big(720, 2)
        header += big(UInt64(payload), 4) + big(5, 4)
        let length = header.count + payload
        let head = length < 65_536 ? [0x82, 126] + big(UInt64(length), 2) : [0x82, 127] + big(UInt64(length), 8)
        return head + header + [UInt8](repeating: 0xAA, count: payload)
    }

    private static func read(_ bytes: [UInt8], inPiecesOf size: Int) -> [String] {
        var reading = FrameReading()
        var seen: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            piece.withUnsafeBytes { piece in
                reading.take(piece) { event in
                    switch event {
                    case .text(let text): seen.append("text \(String(decoding: text, as: UTF8.self))")
                    case .media(let media):
                        seen.append("media \(media.sequence) \(media.length) \(media.workMicroseconds) \(media.isKey)")
                    case .ping(let payload): seen.append("ping \(payload.count)")
                    case .close(let code): seen.append("close \(code)")
                    case .violation: seen.append("violation")
                    }
                }
            }
        }
        return seen
    }

    @Test("Messages are the same in whatever pieces they come", arguments: [1, 2, 3, 7, 49, 50, 51, 1_000, 1 << 20])
    func pieces(_ size: Int) {
        let bytes =
            [0x81, 2] + Array("hi".utf8) + Self.media(sequence: 1, payload: 0) + Self.media(sequence: 2, payload: 300)
            + [0x89, 0] + Self.media(sequence: 3, payload: 70_000) + [0x88, 2, 0x0F, 0xAE]
        #expect(
            Self.read(bytes, inPiecesOf: size) == [
                "text hi", "media 1 48 2340 true", "media 2 348 2340 true", "ping 0", "media 3 70048 2340 true",
                "close 4014",
            ])
    }

    @Test(
        "What is no message of a server is a violation",
        arguments: [
            [0x81, 0x82, 1, 2, 3, 4, 0, 0], [0x01, 1, 65], [0x82, 3, 1, 2, 3], [0x83, 0],
            [0x81, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255],
        ] as [[UInt8]])
    func violation(_ bytes: [UInt8]) { #expect(Self.read(bytes, inPiecesOf: 100).first == "violation") }

    @Test("What a viewer says is masked, and comes out again as it went in", arguments: [0, 1, 125, 126, 2_000])
    func masked(_ count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let framed = MaskedFrame.text(payload)
        #expect(framed[0] == 0x81)
        #expect(framed[1] & 0x80 != 0)
        let head = count < 126 ? 2 : 4
        let key = framed[head..<head + 4]
        #expect(framed.dropFirst(head + 4).enumerated().map { $1 ^ key[head + $0 % 4] } == payload)
    }

    @Test("A token with quotation marks stays one string")
    func quoting() {
        let plan = LoadPlan(
            host: "h", port: 1, viewers: 1, codecs: ["jpeg"], framesPerSecond: 30, width: 640, token: "a\"\\\u{1}")
        #expect(
            String(decoding: plan.subscription, as: UTF8.self)
                == #"{"type":"subscribe","codecs":["jpeg"],"max_fps":30.0,"max_width":640,"token":"a\"\\\u0001"}"#)
    }
}
