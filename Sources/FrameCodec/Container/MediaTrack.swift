import CFFmpeg

/// What the times of a track are counted in.
public enum TimeUnit: Sendable, Equatable {
    /// Microseconds of a clock. In the file they are rounded to 1/90000 s, in which every usual frame rate is even.
    case microseconds
    /// Frames, or samples of sound: so many a second.
    case ticks(perSecond: Int)

    var rational: AVRational {
        switch self {
        case .microseconds: AVRational(num: 1, den: 1_000_000)
        case .ticks(let rate): AVRational(num: 1, den: Int32(clamping: rate))
        }
    }

    /// What the file is asked to count in.
    var preferred: AVRational {
        switch self {
        case .microseconds: AVRational(num: 1, den: 90_000)
        case .ticks: rational
        }
    }
}

/// The video of a file or stream: BT.709 in limited range, 4:2:0, square pixels.
public struct VideoTrack: Sendable, Equatable {
    /// How it is encoded.
    public var codec: VideoCodec
    /// Pixels.
    public var width: Int
    /// Pixels.
    public var height: Int
    /// Frames a second: the last frame lasts this long, and players are told of it.
    public var framesPerSecond: Int
    /// What the times of its packets are counted in.
    public var unit: TimeUnit
    /// `VideoEncoder.header`; empty where parameter sets are in the stream, as they are in a live one.
    public var header: [UInt8]

    /// - Parameters:
    ///   - framesPerSecond: From 1.
    ///   - unit: Nil for frames.
    public init(
        codec: VideoCodec, width: Int, height: Int, framesPerSecond: Int, unit: TimeUnit? = nil, header: [UInt8] = []
    ) {
        self.codec = codec
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.unit = unit ?? .ticks(perSecond: framesPerSecond)
        self.header = header
    }

    /// Bits for `AVCodecParameters`, without the header.
    func describe(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
        parameters.pointee.codec_id =
            switch codec {
            case .h264: AV_CODEC_ID_H264
            case .vp9: AV_CODEC_ID_VP9
            case .vp8: AV_CODEC_ID_VP8
            }
        parameters.pointee.width = Int32(clamping: width)
        parameters.pointee.height = Int32(clamping: height)
        parameters.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        parameters.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        parameters.pointee.field_order = AV_FIELD_PROGRESSIVE
        parameters.pointee.color_range = AVCOL_RANGE_MPEG
        parameters.pointee.color_space = AVCOL_SPC_BT709
        parameters.pointee.color_primaries = AVCOL_PRI_BT709
        parameters.pointee.color_trc = AVCOL_TRC_BT709
        parameters.pointee.chroma_location = AVCHROMA_LOC_CENTER
    }
}

/// The sound of a file or stream. Its times are counted in samples, from the beginning of the video.
public struct AudioTrack: Sendable, Equatable {
    /// How sound is encoded.
    public enum Codec: Sendable, Equatable {
        case aac
        case opus
    }

    /// How it is encoded.
    public var codec: Codec
    /// Samples a second of each channel.
    public var sampleRate: Int
    /// 1 or 2.
    public var channels: Int
    /// Samples of a packet.
    public var samplesPerPacket: Int
    /// Samples at the beginning that a player leaves out, because the encoder needed them to get under way.
    public var padding: Int
    /// Bits a second.
    public var bitsPerSecond: Int
    /// What the encoder has for the container.
    public var header: [UInt8]

    public init(
        codec: Codec, sampleRate: Int, channels: Int, samplesPerPacket: Int, padding: Int, bitsPerSecond: Int,
        header: [UInt8]
    ) {
        self.codec = codec
        self.sampleRate = sampleRate
        self.channels = channels
        self.samplesPerPacket = samplesPerPacket
        self.padding = padding
        self.bitsPerSecond = bitsPerSecond
        self.header = header
    }

    /// Bits for `AVCodecParameters`, without the header.
    func describe(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        parameters.pointee.codec_type = AVMEDIA_TYPE_AUDIO
        parameters.pointee.codec_id = codec == .aac ? AV_CODEC_ID_AAC : AV_CODEC_ID_OPUS
        parameters.pointee.sample_rate = Int32(clamping: sampleRate)
        av_channel_layout_default(&parameters.pointee.ch_layout, Int32(clamping: channels))
        parameters.pointee.frame_size = Int32(clamping: samplesPerPacket)
        parameters.pointee.initial_padding = Int32(clamping: padding)
        parameters.pointee.bit_rate = Int64(bitsPerSecond)
    }
}
