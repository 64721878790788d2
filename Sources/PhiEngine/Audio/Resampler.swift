import CFFmpeg

/// Brings decoded frames of one shape to one or two channels at 48 kHz, by libswresample.
final class Resampler {
    private var context: OpaquePointer?
    private let inputRate: Int32
    private let inputFormat: Int32
    private let inputChannels: Int32
    private let outputChannels: Int

    /// What an honest file can hold, Hz; a rate of 1 Hz would blow a frame up 48,000 times.
    private static let inputRates: ClosedRange<Int32> = 1_000...768_000

    /// - Parameter speed: How much shorter the sound becomes, and higher.
    /// - Throws: `EngineError.fileUnreadable` for a shape that cannot be converted.
    init(for frame: UnsafePointer<AVFrame>, channels: Int, speed: Double = 1, path: String) throws {
        outputChannels = channels
        inputRate = frame.pointee.sample_rate
        inputFormat = frame.pointee.format
        inputChannels = frame.pointee.ch_layout.nb_channels
        guard Self.inputRates.contains(inputRate) else {
            throw EngineError.fileUnreadable(path: path, reason: "its sample rate is \(inputRate) Hz")
        }
        var input = AVChannelLayout()
        var output = AVChannelLayout()
        defer { av_channel_layout_uninit(&input) }
        av_channel_layout_default(&output, Int32(channels))
        // Files that do not name their channels are taken to have the usual ones for their number.
        var status: Int32 = 0
        if frame.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&input, inputChannels)
        } else {
            var source = frame.pointee.ch_layout
            status = av_channel_layout_copy(&input, &source)
        }
        if status >= 0 {
            status = swr_alloc_set_opts2(
                &context, &output, AV_SAMPLE_FMT_FLT,
                Int32((Double(AudioFileReader.sampleRate) / speed).rounded()), &input,
                AVSampleFormat(rawValue: inputFormat), inputRate, 0, nil)
        }
        if status >= 0, let context {
            // Without it, mixing to floats may exceed full scale: equal left and right would come out √2 as high.
            av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_maxval", 1, 0)
            // One channel is as loud from two; by itself libswresample takes 3 dB away.
            if inputChannels == 1, channels == 2 {
                av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_volume", 2.0.squareRoot(), 0)
            }
            status = swr_init(context)
        }
        guard status >= 0 else {
            swr_free(&context)
            throw EngineError.fileUnreadable(path: path, reason: LibraryText.of(status))
        }
    }

    deinit { swr_free(&context) }

    /// Whether `frame` has the shape that this converts.
    func accepts(_ frame: UnsafePointer<AVFrame>) -> Bool {
        frame.pointee.sample_rate == inputRate && frame.pointee.format == inputFormat
            && frame.pointee.ch_layout.nb_channels == inputChannels
    }

    /// Appends the frame's sound to `queue`, channels in turn, and returns how many values that were.
    func convert(_ frame: UnsafePointer<AVFrame>, into queue: SampleQueue) -> Int {
        let count = frame.pointee.nb_samples
        let room = swr_get_out_samples(context, count)
        guard count > 0, room > 0, let planes = frame.pointee.extended_data else { return 0 }
        return planes.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: Int(max(inputChannels, 1))) { input in
            queue.append(atMost: Int(room) * outputChannels) { space in
                var output: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(space)
                    .assumingMemoryBound(to: UInt8.self)
                // A refusal in mid-stream leaves out the frame, like any other damage.
                return max(0, Int(swr_convert(context, &output, room, input, count))) * outputChannels
            }
        }
    }
}
