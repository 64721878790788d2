import CFFmpeg

/// Y′CbCr 4:2:0 to RGB: the inverse of `BT709` and `PlanarPicture`, as players do it, with colours between the samples taken
/// in proportion.
enum PictureExpansion {
    /// - Parameter frame: 8 bits a component, in three planes.
    /// - Returns: RGBA, opaque, rows without padding.
    static func rgba(_ frame: UnsafePointer<AVFrame>, _ tags: ColorTags) -> [UInt8] {
        let width = Int(frame.pointee.width), height = Int(frame.pointee.height)
        let (planes, strides) = (frame.pointee.data, frame.pointee.linesize)
        guard let luma = planes.0, let cb = planes.1, let cr = planes.2 else { return [] }
        let columns = (width + 1) / 2, rows = (height + 1) / 2
        let (red, blue) = (tags.coefficients.red, tags.coefficients.blue)
        let green = 1 - red - blue
        // Components of RGB in 0…255 from luma above black and chroma about grey.
        let lumaGain: Float = tags.isFull ? 1 : 255 / 219, black: Float = tags.isFull ? 0 : 16
        let chromaGain: Float = tags.isFull ? 1 : 255 / 224
        let redOfCr = 2 * (1 - red) * chromaGain, blueOfCb = 2 * (1 - blue) * chromaGain
        let greenOfCr = redOfCr * red / green, greenOfCb = blueOfCb * blue / green
        var line = [SIMD2<Float>](repeating: .zero, count: columns)
        return [UInt8](unsafeUninitializedCapacity: width * height * 4) { out, count in
            for y in 0..<height {
                // Three quarters of the nearest row of chroma, one of the next.
                let near = min(y / 2, rows - 1), far = min(max(near + (y & 1 == 0 ? -1 : 1), 0), rows - 1)
                for x in 0..<columns {
                    let a = SIMD2(
                        Float(cb[near * Int(strides.1) + x]), Float(cr[near * Int(strides.2) + x]))
                    let b = SIMD2(Float(cb[far * Int(strides.1) + x]), Float(cr[far * Int(strides.2) + x]))
                    line[x] = a * 0.75 + b * 0.25 - 128
                }
                for x in 0..<width {
                    let near = x / 2
                    let other: Int, share: Float
                    if tags.isChromaCentered {
                        (other, share) = (x & 1 == 0 ? near - 1 : near + 1, 0.25)
                    } else {
                        (other, share) = (near + 1, x & 1 == 0 ? 0 : 0.5)
                    }
                    let chroma = line[near] * (1 - share) + line[min(max(other, 0), columns - 1)] * share
                    let light = (Float(luma[y * Int(strides.0) + x]) - black) * lumaGain
                    let color = SIMD4(
                        light + chroma.y * redOfCr, light - chroma.x * greenOfCb - chroma.y * greenOfCr,
                        light + chroma.x * blueOfCb, 255)
                    let rounded = color.clamped(
                        lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255)
                    ).rounded(.toNearestOrAwayFromZero)
                    for k in 0..<4 { out[(y * width + x) * 4 + k] = UInt8(rounded[k]) }
                }
            }
            count = width * height * 4
        }
    }
}
