extension RasterImage {
    /// What a video of 4:2:0 can hold of the picture at best: each pixel's luma, and the mean colour of two by two pixels,
    /// with colours between taken in proportion. Compared with this, a video shows its mistakes and nothing that it cannot
    /// help.
    ///
    /// Y′ is that of ITU-R BT.709-6, §3. C′b and C′r are B′−Y′ and R′−Y′ times a constant, which cancels out; nothing is
    /// rounded before the end.
    public func chromaSubsampled() -> RasterImage {
        let columns = (width + 1) / 2, rows = (height + 1) / 2
        let chroma = means(columns: columns, rows: rows)
        var line = [SIMD2<Float>](repeating: .zero, count: columns)
        let bytes = [UInt8](unsafeUninitializedCapacity: width * height * 4) { out, count in
            for y in 0..<height {
                // Samples lie between the pixels, so that three quarters are the nearest one's and a quarter the next one's.
                let near = y / 2, far = min(max(y & 1 == 0 ? near - 1 : near + 1, 0), rows - 1)
                for x in 0..<columns {
                    line[x] = chroma[near * columns + x] * 0.75 + chroma[far * columns + x] * 0.25
                }
                for x in 0..<width {
                    let near = x / 2, far = min(max(x & 1 == 0 ? near - 1 : near + 1, 0), columns - 1)
                    let n = (y * width + x) * 4
                    let luma = Self.luma(color(n)), color = line[near] * 0.75 + line[far] * 0.25
                    let green = luma - (color.x * Self.weights.x + color.y * Self.weights.z) / Self.weights.y
                    out[n] = Self.level(luma + color.x)
                    out[n + 1] = Self.level(green)
                    out[n + 2] = Self.level(luma + color.y)
                    out[n + 3] = 255
                }
            }
            count = width * height * 4
        }
        return RasterImage(width: width, height: height, bytes: bytes) ?? self
    }

    /// The shares of red, green and blue in Y′.
    private static let weights = SIMD4<Float>(0.2126, 0.7152, 0.0722, 0)

    private static func luma(_ color: SIMD4<Float>) -> Float { (color * weights).sum() }

    private static func level(_ value: Float) -> UInt8 {
        UInt8(min(max(value, 0), 255).rounded(.toNearestOrAwayFromZero))
    }

    /// The pixel whose bytes begin at `n`.
    private func color(_ n: Int) -> SIMD4<Float> {
        SIMD4(Float(bytes[n]), Float(bytes[n + 1]), Float(bytes[n + 2]), 0)
    }

    /// R′−Y′ and B′−Y′ of the mean of each two by two pixels.
    private func means(columns: Int, rows: Int) -> [SIMD2<Float>] {
        var means: [SIMD2<Float>] = []
        means.reserveCapacity(columns * rows)
        for y in 0..<rows {
            let upper = 2 * y * width, lower = min(2 * y + 1, height - 1) * width
            for x in 0..<columns {
                let left = 2 * x, right = min(2 * x + 1, width - 1)
                let mean =
                    (color((upper + left) * 4) + color((upper + right) * 4) + color((lower + left) * 4)
                        + color((lower + right) * 4)) / 4
                let luma = Self.luma(mean)
                means.append(SIMD2(mean.x - luma, mean.z - luma))
            }
        }
        return means
    }
}
