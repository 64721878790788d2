import NIOCore
import Testing

@testable import FrameServer

struct AckScanTests {
    private static func decoded(_ text: String) -> ViewerRequest? {
        try? WireJSON.decode(ViewerRequest.self, from: ByteBuffer(string: text))
    }

    @Test(
        "What viewers send is read without the decoder",
        arguments: [
            #"{"type":"ack","seq":17}"#,
            #"{"type":"ack","seq":4294967295,"decoded_ms":1.25,"presented_ms":12,"dropped":0,"decode_queue":0,"visible":true}"#,
            #" { "seq" : 0 , "type" : "ack" , "visible" : false } "#,
            #"{"type":"ack"}"#,
        ])
    func fast(_ text: String) throws {
        let scanned = try #require(AckScan.read(ByteBuffer(string: text)))
        let decoded = try #require(Self.decoded(text))
        #expect(scanned.seq == decoded.seq)
        #expect(scanned.visible == decoded.visible)
        #expect(scanned.type == decoded.type)
    }

    @Test(
        "What is not plain is left to the decoder",
        arguments: [
            #"{"type":"ping","client_time":1}"#, #"{"type":"ack","seq":-1}"#, #"{"type":"ack","seq":1.0}"#,
            #"{"type":"ack","seq":4294967296}"#, #"{"type":"ack","seq":01}"#, #"{"type":"ack","seq":1,"seq":2}"#,
            #"{"type":"ack","seq":1e2}"#, #"{"type":"ack","seq":"1"}"#, #"{"type":"ack","visible":null}"#,
            #"{"type":"ack","seq":1}x"#, #"{"type":"ack","seq":1"#, #"{"type":"ack","seq":1,}"#, #"{"seq":1}"#,
            #"{"type":"a\u0063k","seq":1}"#, #"{"type":"ack","more":{}}"#, #"["ack"]"#, "", "{",
            #"{"type":"ack","visible":tru"#,
        ])
    func careful(_ text: String) { #expect(AckScan.read(ByteBuffer(string: text)) == nil) }

    /// Of any message, the scan gives what the decoder gives, or nothing.
    @Test("Never anything else than the decoder gives, over mutations of acknowledgements", arguments: 1...4)
    func mutations(_ seed: Int) {
        var generator = SplitMix(state: UInt64(seed))
        let model = Array(
            #"{"type":"ack","seq":123,"decoded_ms":1.5,"presented_ms":0,"dropped":2,"decode_queue":1,"visible":true}"#
                .utf8)
        let alphabet = Array("{}[]\",:.-+eE0123456789 \\untrfalsevisbqyp\u{7F}\t".utf8)
        var agreed = 0
        for _ in 0..<3_000 {
            var bytes = model
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[at] = alphabet.randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: at)
                default: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: at)
                }
            }
            guard let scanned = AckScan.read(ByteBuffer(bytes: bytes)) else { continue }
            agreed += 1
            let text = String(decoding: bytes, as: UTF8.self)
            let decoded = Self.decoded(text)
            #expect(decoded?.seq == scanned.seq, "\(text)")
            #expect(decoded?.visible == scanned.visible, "\(text)")
            #expect(decoded?.type == scanned.type, "\(text)")
        }
        #expect(agreed > 500)
    }
}

/// A generator whose sequence a seed decides.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
