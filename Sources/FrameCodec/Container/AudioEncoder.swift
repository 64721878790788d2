import CFFmpeg

/// Encodes sound by libavcodec. Belongs to one thread.
public final class AudioEncoder {
    /// What it made of some of the samples.
    public struct Packet: Sendable {
        /// The encoded sound.
        public let bytes: [UInt8]
        /// When it is heard: samples since the beginning; negative for what a player leaves out.
        public let presentation: Int64
        /// How long it lasts.
        public let samples: Int64
    }

    /// Samples a second of each channel, Hz: one that both codecs have.
    public static let sampleRate = 48_000
    /// Left and right.
    public static let channels = 2
    private static let bitsPerSecond = 192_000

    /// What the container has to know.
    public let track: AudioTrack
    private let name: String
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var frame: UnsafeMutablePointer<AVFrame>?
    private var packet: UnsafeMutablePointer<AVPacket>?
    /// Samples that do not fill a frame yet, left and right in turn.
    private var waiting: [Float] = []
    /// Samples of each channel that the encoder was given.
    private var taken: Int64 = 0

    /// - Throws: `CodecError` with libavcodec's reason where the encoder cannot be had.
    public init(_ codec: AudioTrack.Codec) throws(CodecError) {
        LibAVLog.quieten()
        name = codec == .aac ? "aac" : "libopus"
        guard let encoder = avcodec_find_encoder_by_name(name) else {
            throw .failed(codec: name, reason: "this build of FFmpeg does not have it")
        }
        context = avcodec_alloc_context3(encoder)
        frame = av_frame_alloc()
        packet = av_packet_alloc()
        guard let context, frame != nil, packet != nil else {
            throw .failed(codec: name, reason: "there is no memory left")
        }
        context.pointee.sample_rate = Int32(Self.sampleRate)
        context.pointee.time_base = AVRational(num: 1, den: Int32(Self.sampleRate))
        context.pointee.sample_fmt = codec == .aac ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT
        context.pointee.bit_rate = Int64(Self.bitsPerSecond)
        context.pointee.flags |= Int32(cff_codec_global_header) | AV_CODEC_FLAG_BITEXACT
        av_channel_layout_default(&context.pointee.ch_layout, Int32(Self.channels))
        do throws(CodecError) {
            try LibAV.check(avcodec_open2(context, encoder, nil), name)
        } catch {
            avcodec_free_context(&self.context)
            throw error
        }
        track = AudioTrack(
            codec: codec, sampleRate: Self.sampleRate, channels: Self.channels,
            samplesPerPacket: Int(context.pointee.frame_size), padding: Int(context.pointee.initial_padding),
            bitsPerSecond: Self.bitsPerSecond,
            header: [UInt8](
                UnsafeBufferPointer(start: context.pointee.extradata, count: Int(context.pointee.extradata_size))))
    }

    deinit {
        avcodec_free_context(&context)
        av_frame_free(&frame)
        av_packet_free(&packet)
    }

    /// Encodes samples, left and right in turn, ±1 at full scale.
    public func encode(_ samples: UnsafeBufferPointer<Float>) throws(CodecError) -> [Packet] {
        waiting += samples
        var done: [Packet] = []
        let size = track.samplesPerPacket * Self.channels
        var start = 0
        while waiting.count - start >= size {
            done += try send(waiting[start..<(start + size)])
            start += size
        }
        waiting.removeFirst(start)
        return done
    }

    /// Encodes what is left. Nothing can be encoded afterwards.
    public func finish() throws(CodecError) -> [Packet] {
        guard let context else { return [] }
        var done: [Packet] = []
        if !waiting.isEmpty { done += try send(waiting[...]) }
        waiting = []
        try LibAV.check(avcodec_send_frame(context, nil), name)
        done += try receive(context)
        // The encoder fills its last frame up; what it fills it up with is no sound.
        return done.compactMap { packet in
            let samples = min(packet.samples, taken - packet.presentation)
            return samples > 0
                ? Packet(bytes: packet.bytes, presentation: packet.presentation, samples: samples) : nil
        }
    }

    private func send(_ samples: ArraySlice<Float>) throws(CodecError) -> [Packet] {
        guard let context, let frame else { return [] }
        let count = samples.count / Self.channels
        frame.pointee.nb_samples = Int32(count)
        frame.pointee.format = context.pointee.sample_fmt.rawValue
        frame.pointee.sample_rate = Int32(Self.sampleRate)
        av_channel_layout_default(&frame.pointee.ch_layout, Int32(Self.channels))
        try LibAV.check(av_frame_get_buffer(frame, 0), name)
        defer { av_frame_unref(frame) }
        let isPlanar = context.pointee.sample_fmt == AV_SAMPLE_FMT_FLTP
        for channel in 0..<Self.channels {
            guard let plane = frame.pointee.extended_data[isPlanar ? channel : 0] else { continue }
            let target = UnsafeMutableRawPointer(plane).assumingMemoryBound(to: Float.self)
            for n in 0..<count {
                target[isPlanar ? n : n * Self.channels + channel] =
                    samples[samples.startIndex + n * Self.channels + channel]
            }
        }
        frame.pointee.pts = taken
        taken += Int64(count)
        try LibAV.check(avcodec_send_frame(context, frame), name)
        return try receive(context)
    }

    private func receive(_ context: UnsafeMutablePointer<AVCodecContext>) throws(CodecError) -> [Packet] {
        var done: [Packet] = []
        guard let packet else { return done }
        while true {
            let status = avcodec_receive_packet(context, packet)
            if status == cff_error_again || status == cff_error_eof { return done }
            try LibAV.check(status, name)
            defer { av_packet_unref(packet) }
            done.append(
                Packet(
                    bytes: [UInt8](UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))),
                    presentation: packet.pointee.pts,
                    samples: packet.pointee.duration > 0 ? packet.pointee.duration : Int64(track.samplesPerPacket)))
        }
    }
}
