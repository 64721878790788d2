/// Makes an animated PNG of PNG files of the same size, each a whole frame: pixels stay as they are.
///
/// Source: PNG specification, third edition, §11.3.6 (acTL, fcTL, fdAT).
public struct AnimatedPNG {
    private let frames: Int
    private let framesPerSecond: Int
    private var appended = 0
    /// Numbers the chunks of the animation.
    private var sequence: UInt32 = 0

    /// - Parameters:
    ///   - frames: How many will be appended, > 0.
    ///   - framesPerSecond: 1…65535.
    public init(frames: Int, framesPerSecond: Int) {
        self.frames = frames
        self.framesPerSecond = framesPerSecond
    }

    /// The bytes of the file that come next.
    /// - Parameter png: A frame, as `PNGEncoder` makes it.
    /// - Throws: `PNGError.notEncoded` for bytes that are no PNG, or one frame more than was said.
    public mutating func append(_ png: [UInt8]) throws(PNGError) -> [UInt8] {
        guard appended < frames else { throw .notEncoded(reason: "there are more than \(frames) frames") }
        let chunks = try Self.chunks(png)
        guard let header = chunks.first, header.kind == "IHDR", header.content.count == 13,
            chunks.contains(where: { $0.kind == "IDAT" })
        else { throw .notEncoded(reason: "a frame is no PNG") }
        let isFirst = appended == 0
        var bytes: [UInt8] = []
        if isFirst {
            bytes += png[..<8]
            bytes += png[header.whole]
            Self.add("acTL", Self.word(UInt32(frames)) + Self.word(0), to: &bytes)
            // What stands before the pixels, such as the colour space, holds for all frames.
            for chunk in chunks.dropFirst().prefix(while: { $0.kind != "IDAT" }) { bytes += png[chunk.whole] }
        }
        // The whole picture, at its place, replacing the one before.
        let size = Array(png[header.content].prefix(8))
        let delay: [UInt8] = [0, 1, UInt8(framesPerSecond >> 8 & 0xFF), UInt8(framesPerSecond & 0xFF)]
        Self.add("fcTL", number() + size + Self.word(0) + Self.word(0) + delay + [0, 0], to: &bytes)
        let pixels = chunks.lazy.filter { $0.kind == "IDAT" }.flatMap { png[$0.content] }
        if isFirst {
            Self.add("IDAT", Array(pixels), to: &bytes)
        } else {
            Self.add("fdAT", number() + pixels, to: &bytes)
        }
        appended += 1
        if appended == frames { Self.add("IEND", [], to: &bytes) }
        return bytes
    }

    private mutating func number() -> [UInt8] {
        defer { sequence += 1 }
        return Self.word(sequence)
    }

    private struct Chunk {
        let kind: String
        let content: Range<Int>
        /// With length, kind and checksum.
        let whole: Range<Int>
    }

    private static func chunks(_ png: [UInt8]) throws(PNGError) -> [Chunk] {
        var chunks: [Chunk] = []
        var at = 8
        while at + 12 <= png.count {
            let length = png[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard at + 12 + length <= png.count else { throw .notEncoded(reason: "a frame is not whole") }
            chunks.append(
                Chunk(
                    kind: String(decoding: png[(at + 4)..<(at + 8)], as: UTF8.self),
                    content: (at + 8)..<(at + 8 + length), whole: at..<(at + 12 + length)))
            at += 12 + length
        }
        return chunks
    }

    private static func add(_ kind: String, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes += word(UInt32(content.count))
        let checked = Array(kind.utf8) + content
        bytes += checked
        bytes += word(Checksum.of(checked))
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}

/// The checksum of PNG chunks: CRC-32 (PNG specification, §5.5 and annex D).
private enum Checksum {
    private static let table: [UInt32] = (0..<256).map { n in
        (0..<8).reduce(UInt32(n)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
        }
    }
}
