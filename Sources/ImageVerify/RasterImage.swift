/// A picture in memory: RGBA, 8 bits a component, sRGB-encoded, rows without padding, top row first.
public struct RasterImage: Sendable, Equatable {
    /// Pixels, > 0.
    public let width: Int
    /// Pixels, > 0.
    public let height: Int
    /// `width` · `height` · 4 bytes.
    public let bytes: [UInt8]

    /// Nil where the bytes do not fit the size.
    public init?(width: Int, height: Int, bytes: [UInt8]) {
        guard width > 0, height > 0, bytes.count == width * height * 4 else { return nil }
        self.width = width
        self.height = height
        self.bytes = bytes
    }

    /// One pixel.
    public struct Pixel: Sendable, Equatable {
        /// 0 … 255.
        public var red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8
    }

    /// The pixel in column `x` and row `y`, 0 being the left and the top; a place outside is moved to the edge.
    public subscript(x: Int, y: Int) -> Pixel {
        let n = (min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)) * 4
        return Pixel(red: bytes[n], green: bytes[n + 1], blue: bytes[n + 2], alpha: bytes[n + 3])
    }
}
