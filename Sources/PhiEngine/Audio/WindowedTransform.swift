import CFFmpeg
import Glibc

/// The Fourier transform of real samples under a Hann window, by libavutil. Works in its own buffers, without allocation.
final class WindowedTransform {
    let length: Int
    /// The coefficients of the last `transform`, 0 … length/2, bin k at k · sample rate / length.
    let bins: UnsafeMutablePointer<AVComplexFloat>
    var binCount: Int { length / 2 + 1 }

    private let window: UnsafeMutablePointer<Float>
    private let input: UnsafeMutablePointer<Float>
    private var context: OpaquePointer?
    private let function: av_tx_fn

    /// What the vector instructions of any processor ask for.
    private static let alignment = 64

    /// - Parameter length: A power of two.
    /// - Throws: `EngineError.analysisFailed`.
    init(length: Int) throws {
        var context: OpaquePointer?
        var function: av_tx_fn?
        var scale: Float = 1
        let status = av_tx_init(&context, &function, AV_TX_FLOAT_RDFT, 0, Int32(length), &scale, 0)
        guard status >= 0, let function else { throw EngineError.analysisFailed(reason: LibraryText.of(status)) }
        self.length = length
        self.context = context
        self.function = function
        window = .allocate(capacity: length)
        for n in 0..<length {
            (window + n).initialize(to: Float(0.5 - 0.5 * cos(2 * .pi * Double(n) / Double(length))))
        }
        input = Self.aligned(Float.self, count: length)
        input.initialize(repeating: 0, count: length)
        bins = Self.aligned(AVComplexFloat.self, count: length / 2 + 1)
        bins.initialize(repeating: AVComplexFloat(), count: length / 2 + 1)
    }

    deinit {
        av_tx_uninit(&context)
        window.deallocate()
        input.deallocate()
        bins.deallocate()
    }

    /// Fills `bins` from the `length` samples at `samples`.
    func transform(_ samples: UnsafePointer<Float>) {
        for n in 0..<length { input[n] = samples[n] * window[n] }
        function(context, bins, input, MemoryLayout<Float>.stride)
    }

    private static func aligned<T>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
        UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<T>.stride, alignment: alignment)
            .bindMemory(to: type, capacity: count)
    }
}
