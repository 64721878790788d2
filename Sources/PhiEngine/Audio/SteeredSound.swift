import CFFmpeg

/// Sound whose speed can be moved by half a percent without being heard to: so a player stays with the engine's clock though
/// the sound hardware has one of its own.
///
/// Belongs to one thread.
public final class SteeredSound {
    /// How far the speed can be from 1.
    public static let reach = 0.005
    /// Samples of each channel that are taken from the file at a time.
    private static let block = 512
    /// The samples over which libswresample spreads what it adds or leaves out; it is told anew before they are over.
    private static let distance: Int32 = 48_000

    private let reader: SoundReader
    private var context: OpaquePointer?
    private let input: UnsafeMutableBufferPointer<Float>
    private let unheard: UnsafeMutableBufferPointer<Float>
    private var taken: Int

    /// Opens the file.
    ///
    /// - Parameter start: Samples of each channel that are left out at the beginning, ≥ 0.
    /// - Throws: `EngineError`.
    public init(_ options: AudioOptions, start: Int = 0) throws {
        reader = try SoundReader(options, start: start)
        taken = start
        var output = AVChannelLayout()
        av_channel_layout_default(&output, Int32(SoundReader.channels))
        var input = output
        let rate = Int32(SoundReader.sampleRate)
        var status = swr_alloc_set_opts2(
            &context, &output, AV_SAMPLE_FMT_FLT, rate, &input, AV_SAMPLE_FMT_FLT, rate, 0, nil)
        if status >= 0, let context {
            // Equal rates would be copied, and could not be steered.
            av_opt_set_int(UnsafeMutableRawPointer(context), "flags", Int64(SWR_FLAG_RESAMPLE), 0)
            status = swr_init(context)
        }
        guard status >= 0 else {
            swr_free(&context)
            throw EngineError.analysisFailed(reason: LibraryText.of(status))
        }
        self.input = .allocate(capacity: Self.block * SoundReader.channels)
        self.input.initialize(repeating: 0)
        unheard = .allocate(capacity: Self.block * SoundReader.channels)
        unheard.initialize(repeating: 0)
    }

    deinit {
        swr_free(&context)
        input.deallocate()
        unheard.deallocate()
    }

    /// Where the next sample that is read lies in the sound, samples of each channel since its beginning.
    public var position: Double {
        Double(taken) - Double(swr_get_delay(context, Int64(SoundReader.sampleRate)))
    }

    /// Fills `samples`, left and right in turn, ±1 at full scale.
    ///
    /// - Parameter speed: 1 is as it is; 1 ± `reach`, beyond which it is cut off.
    /// - Throws: `EngineError` where the file cannot be read on.
    public func read(into samples: UnsafeMutableBufferPointer<Float>, speed: Double = 1) throws {
        let speed = min(max(speed, 1 - Self.reach), 1 + Self.reach)
        let added = Int32((Double(Self.distance) * (1 / speed - 1)).rounded())
        var filled = 0
        while filled < samples.count {
            swr_set_compensation(context, added, Self.distance)
            // What is left in the resampler first.
            var count = convert(nil, 0, samples, from: filled)
            if count == 0 {
                try reader.read(into: input)
                taken += Self.block
                count = convert(input.baseAddress, Int32(Self.block), samples, from: filled)
            }
            filled += count * SoundReader.channels
        }
    }

    /// Leaves out so many samples of each channel.
    ///
    /// - Throws: `EngineError` where the file cannot be read on.
    public func skip(_ count: Int) throws {
        var left = count * SoundReader.channels
        while left > 0 {
            let piece = UnsafeMutableBufferPointer(rebasing: unheard[..<min(left, unheard.count)])
            try read(into: piece)
            left -= piece.count
        }
    }

    /// - Returns: How many samples of each channel there were.
    private func convert(
        _ source: UnsafeMutablePointer<Float>?, _ count: Int32, _ target: UnsafeMutableBufferPointer<Float>,
        from start: Int
    ) -> Int {
        guard let base = target.baseAddress else { return 0 }
        var output: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(base + start)
            .assumingMemoryBound(to: UInt8.self)
        let room = Int32((target.count - start) / SoundReader.channels)
        guard let source else {
            // No input at all would mean the end of the sound; none of it, that there is more to come.
            var empty: UnsafePointer<UInt8>? = UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self)
            return max(0, Int(swr_convert(context, &output, room, &empty, 0)))
        }
        var bytes: UnsafePointer<UInt8>? = UnsafeRawPointer(source).assumingMemoryBound(to: UInt8.self)
        return max(0, Int(swr_convert(context, &output, room, &bytes, count)))
    }
}
