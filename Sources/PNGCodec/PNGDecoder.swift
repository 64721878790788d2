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
        var decoded: Decoded?
        var failure = ""
        // libpng reads from the bytes until it has finished.
        file.withUnsafeBytes { file in
            var image = png_image()
            image.version = png_uint_32(PNG_IMAGE_VERSION)
            defer { png_image_free(&image) }
            var isWhole = png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0
            if isWhole {
                image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
                let size = Int(image.width) * Int(image.height) * 4
                let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                    isWhole = png_image_finish_read(&image, nil, buffer.baseAddress, 0, nil) != 0
                    count = isWhole ? size : 0
                }
                // A warning is less than an error, but there is none for a file that is as it was written.
                isWhole = isWhole && image.warning_or_error == 0
                if isWhole { decoded = Decoded(width: Int(image.width), height: Int(image.height), bytes: bytes) }
            }
            failure = message(image)
        }
        guard let decoded else { throw .damaged(reason: failure) }
        return decoded
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The chunk IEND with its checksum.
    private static let ending: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// Checks end, signature and IHDR chunk (PNG specification, §5.2 and §11.2.2).
    private static func checkHeader(_ file: [UInt8]) throws(PNGError) {
        guard file.starts(with: signature) else { throw .notPNG }
        guard file.count >= 33, file[12..<16].elementsEqual("IHDR".utf8) else {
            throw .damaged(reason: "the header is missing")
        }
        // libpng stops reading once it has all pixels.
        guard file.suffix(12).elementsEqual(ending) else { throw .damaged(reason: "its end is missing") }
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
