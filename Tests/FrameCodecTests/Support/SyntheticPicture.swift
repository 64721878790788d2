import FrameCodec

/// Pictures with saturated patches, a ramp, and a bar that moves with the frame's number.
struct SyntheticPicture {
    let width: Int
    let height: Int
    let pixels: [UInt8]

    /// The patches: the corners of the cube of colours, and muted ones.
    static let colors: [SIMD3<UInt8>] = [
        [255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 255, 255], [255, 0, 255], [255, 255, 0], [200, 60, 120],
        [30, 90, 160],
    ]

    static func moving(_ number: Int, width: Int, height: Int) throws -> SyntheticPicture {
        var pixels = [UInt8](repeating: 255, count: width * height * 4)
        let patch = width / colors.count
        for y in 0..<height {
            for x in 0..<width {
                var color = colors[min(x / patch, colors.count - 1)]
                if y >= height * 2 / 3 { color = SIMD3(repeating: UInt8(x * 255 / (width - 1))) }
                if y < height / 8, (x + number * 4) % width < width / 8 { color = [255, 255, 255] }
                for k in 0..<3 { pixels[(y * width + x) * 4 + k] = color[k] }
            }
        }
        return SyntheticPicture(width: width, height: height, pixels: pixels)
    }

    /// As encoders take it.
    var planar: PlanarPicture {
        get throws {
            let planar = try PlanarPicture(width: width, height: height)
            pixels.withUnsafeBytes { planar.convert(rgba: $0, bytesPerRow: width * 4) }
            return planar
        }
    }
}
