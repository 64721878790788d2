import CPNG

/// Encodes pictures as PNG, RGBA with 8 bits a component.
public enum PNGEncoder {
    /// - Parameters:
    ///   - pixels: `width` · `height` RGBA pixels, sRGB-encoded, rows without padding.
    ///   - fast: Trades size for time.
    public static func encode(
        _ pixels: UnsafeRawBufferPointer, width: Int, height: Int, fast: Bool = false
    ) throws(PNGError) -> [UInt8] {
        guard pixels.count >= width * height * 4 else {
            throw .notEncoded(reason: "there are fewer pixels than \(width)x\(height)")
        }
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(width)
        image.height = png_uint_32(height)
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
        image.flags = fast ? png_uint_32(PNG_IMAGE_FLAG_FAST) : 0
        defer { png_image_free(&image) }
        // No PNG of these pixels is longer than this: incompressible rows, their filter bytes, and chunk headers.
        var size = png_alloc_size_t(height * (width * 4 + 1) + height * width / 200 + 4_096)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            failed = png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, pixels.baseAddress, 0, nil) == 0
            count = failed ? 0 : size
        }
        guard !failed else {
            let reason = withUnsafeBytes(of: image.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw .notEncoded(reason: reason)
        }
        return bytes
    }
}
