/// Pictures that show where two others differ.
public enum DifferencePictures {
    /// The perceptual difference as heat: nearly black where there is none, through violet and orange to pale yellow at 1.
    public static func heatMap(_ flip: FLIP) -> RasterImage? {
        var bytes = [UInt8](repeating: 255, count: flip.values.count * 4)
        for (n, value) in flip.values.enumerated() {
            let color = heat(min(max(value, 0), 1))
            for k in 0..<3 { bytes[4 * n + k] = UInt8(color[k].rounded()) }
        }
        return RasterImage(width: flip.width, height: flip.height, bytes: bytes)
    }

    /// The difference of each component, `gain` times as large, opaque; nil where the sizes differ.
    public static func amplified(_ a: RasterImage, _ b: RasterImage, gain: Int = 16) -> RasterImage? {
        guard (a.width, a.height) == (b.width, b.height) else { return nil }
        var bytes = [UInt8](repeating: 255, count: a.bytes.count)
        for n in bytes.indices where n % 4 != 3 {
            bytes[n] = UInt8(clamping: abs(Int(a.bytes[n]) - Int(b.bytes[n])) * gain)
        }
        return RasterImage(width: a.width, height: a.height, bytes: bytes)
    }

    /// The colours of the heat at equal steps, sRGB levels: those of the legend of report.html, each lighter than the one
    /// before.
    private static let ramp: [SIMD3<Float>] = [
        [0, 0, 4], [28, 16, 68], [79, 18, 123], [129, 37, 129], [181, 54, 122], [229, 89, 100], [251, 135, 97],
        [254, 194, 135], [252, 253, 191],
    ]

    private static func heat(_ value: Float) -> SIMD3<Float> {
        let place = value * Float(ramp.count - 1)
        let step = min(Int(place), ramp.count - 2), t = place - Float(step)
        return ramp[step] * (1 - t) + ramp[step + 1] * t
    }
}
