import CPNG

/// Decodes PNG files of plain pixels: grey, RGB or RGBA with 8 bits a component, not interlaced. Other kinds are refused
/// rather than converted, because a conversion could hide a difference.
public enum PNGDecoder {
    /// The sides that a picture may have, pixels.
    public static let sides = 1...16_384
    /// The most pixels that a picture may have.
    public static let largestArea = 64 << 20

    /// A decoded picture.
    public struct Decoded: Sendable {
        /// Pixels.
        public let width: Int
        /// Pixels.
        public let height: Int
        /// RGBA, 8 bits a component, sRGB-encoded, rows without padding, top row first.
        public let bytes: [UInt8]
    }

    /// Decodes a whole file. Memory is taken only for a size that the header declares and that is within the limits.
    public static func decode(_ file: [UInt8]) throws(PNGError) -> Decoded {
        try checkHeader(file)
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, file, file.count) != 0 else {
            throw .damaged(reason: message(image))
        }
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
        let width = Int(image.width), height = Int(image.height)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: width * height * 4) { buffer, count in
            failed = png_image_finish_read(&image, nil, buffer.baseAddress, 0, nil) == 0
            count = failed ? 0 : width * height * 4
        }
        // Less than an error, but never in a file that is as it was written.
        guard !failed, image.warning_or_error == 0 else { throw .damaged(reason: message(image)) }
        return Decoded(width: width, height: height, bytes: bytes)
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Checks signature and IHDR chunk (PNG specification, §5.2 and §11.2.2).
    private static func checkHeader(_ file: [UInt8]) throws(PNGError) {
        guard file.starts(with: signature) else { throw .notPNG }
        guard file.count >= 33, file[12..<16].elementsEqual("IHDR".utf8) else {
            throw .damaged(reason: "the header is missing")
        }
        func word(_ at: Int) -> UInt32 { file[at..<(at + 4)].reduce(0) { $0 << 8 | UInt32($1) } }
        let width = word(16), height = word(20)
        guard width > 0, height > 0 else { throw .damaged(reason: "it says it has no pixels") }
        guard width <= sides.upperBound, height <= sides.upperBound, Int(width) * Int(height) <= largestArea else {
            throw .tooLarge(width: width, height: height)
        }
        let depth = file[24], kind = file[25], isInterlaced = file[28] != 0
        if kind == 3 { throw .unsupported("a palette PNG") }
        if depth != 8 { throw .unsupported("a PNG of \(depth) bits a component") }
        if isInterlaced { throw .unsupported("an interlaced PNG") }
    }

    private static func message(_ image: png_image) -> String {
        withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
