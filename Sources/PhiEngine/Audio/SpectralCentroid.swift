import CFFmpeg

/// The centre of mass of the magnitude spectrum, over all of it, from 512 samples.
final class SpectralCentroid {
    /// Hz, lightly smoothed; 0 in silence.
    private(set) var frequency = 0.0

    private let transform: WindowedTransform
    private let binWidth: Double
    /// A mean magnitude a bin that is taken for silence: some −100 dB of full scale.
    private static let silence: Float = 1e-3
    private static let smoothing = 0.3

    init(sampleRate: Int, length: Int) throws {
        transform = try WindowedTransform(length: length)
        binWidth = Double(sampleRate) / Double(length)
    }

    /// Takes the newest samples at `samples`.
    func update(_ samples: UnsafePointer<Float>) {
        transform.transform(samples)
        var moment: Float = 0, mass: Float = 0
        for n in 1..<transform.binCount {
            let bin = transform.bins[n]
            let magnitude = (bin.re * bin.re + bin.im * bin.im).squareRoot()
            moment += Float(n) * magnitude
            mass += magnitude
        }
        let target = mass > Self.silence * Float(transform.binCount) ? Double(moment / mass) * binWidth : 0
        frequency += Self.smoothing * (target - frequency)
    }
}
