import Foundation
import Handoff
import NIOCore
import Testing

@testable import FrameCodec

@Suite("The media header")
struct MediaHeaderTests {
    @Test("is byte for byte what Tests/Vectors/media-header.json says")
    func vectors() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/media-header.json")
        let vectors = try JSONDecoder().decode(Vectors.self, from: try Data(contentsOf: file)).valid
        // Longer headers are for readers; this version writes none.
        let written = vectors.filter { $0.headerLength == MediaHeader.length }
        #expect(written.count >= 10)
        #expect(written.count < vectors.count)
        for vector in written { #expect(try vector.encoded() == vector.hex, "\(vector.name)") }
    }
}

private struct Vectors: Decodable {
    let valid: [Vector]
}

private struct Vector: Decodable {
    struct Fields: Decodable {
        let type: UInt8
        let key, discontinuity, `repeat`: Bool
        let stream: UInt16
        let epoch, seq: UInt32
        /// JSON's numbers are not exact beyond 2⁵³.
        let pts: String
        let renderUs, readbackUs, encodeUs, stateSeq: UInt32
        let width, height: Int
    }

    let name, hex, payload: String
    let headerLength: Int
    let fields: Fields

    func encoded() throws -> String {
        var info = FrameInfo()
        info.sequence = fields.seq
        info.presentationTime = try #require(UInt64(fields.pts))
        info.renderMicroseconds = fields.renderUs
        info.readbackMicroseconds = fields.readbackUs
        info.stateSequence = fields.stateSeq
        (info.width, info.height) = (fields.width, fields.height)
        var flags: MediaFlags = []
        if fields.key { flags.insert(.key) }
        if fields.discontinuity { flags.insert(.discontinuity) }
        if fields.repeat { flags.insert(.repeat) }
        let format = StreamFormat(
            epoch: fields.epoch, codec: "", width: fields.width, height: fields.height, framesPerSecond: 60,
            encoder: "")
        let frame = EncodedFrame(
            info: info, type: try #require(MediaType(rawValue: fields.type)), flags: flags, stream: fields.stream,
            format: format, chain: 1, encodeMicroseconds: fields.encodeUs,
            message: bytes(payload).withUnsafeBytes { ByteBuffer(mediaPayload: $0) })
        return frame.message.readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { n in
            UInt8(hex.dropFirst(n).prefix(2), radix: 16)
        }
    }
}
