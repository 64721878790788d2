import CFFmpeg

/// A video encoder of libavcodec.
final class LibAVEncoder: VideoEncoder {
    let isHardware: Bool
    let header: [UInt8]
    var name: String { recipe.name }

    private let recipe: EncoderRecipe
    private let settings: VideoSettings
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var packet: UnsafeMutablePointer<AVPacket>?
    private var frame: UnsafeMutablePointer<AVFrame>?
    private let upload: VAAPIUpload?

    /// Opens the encoder. Throws `CodecError` with libavcodec's reason where it cannot be had.
    init(_ recipe: EncoderRecipe, _ settings: VideoSettings) throws(CodecError) {
        LibAVLog.quieten()
        guard let codec = avcodec_find_encoder_by_name(recipe.name) else {
            throw .failed(codec: recipe.name, reason: "this build of FFmpeg does not have it")
        }
        var context = avcodec_alloc_context3(codec)
        guard let opened = context else { throw .failed(codec: recipe.name, reason: "there is no memory left") }
        do {
            Self.configure(opened, settings)
            let upload = recipe.needsVAAPI ? try VAAPIUpload(settings, encoder: opened) : nil
            var options: OpaquePointer?
            defer { av_dict_free(&options) }
            for (key, value) in recipe.options(settings) { av_dict_set(&options, key, value, 0) }
            let status = avcodec_open2(opened, codec, &options)
            if status < 0, let reason = recipe.refusal {
                throw CodecError.failed(codec: recipe.name, reason: reason)
            }
            try LibAV.check(status, recipe.name)
            guard let packet = av_packet_alloc(), let frame = av_frame_alloc() else {
                throw CodecError.failed(codec: recipe.name, reason: "there is no memory left")
            }
            self.upload = upload
            self.packet = packet
            self.frame = frame
        } catch {
            avcodec_free_context(&context)
            throw error as? CodecError ?? .failed(codec: recipe.name, reason: "\(error)")
        }
        self.context = opened
        self.recipe = recipe
        self.settings = settings
        isHardware = recipe.isHardware
        header = [UInt8](
            UnsafeBufferPointer(start: opened.pointee.extradata, count: Int(opened.pointee.extradata_size)))
    }

    deinit {
        avcodec_free_context(&context)
        av_packet_free(&packet)
        av_frame_free(&frame)
    }

    private static func configure(_ context: UnsafeMutablePointer<AVCodecContext>, _ settings: VideoSettings) {
        context.pointee.width = Int32(settings.width)
        context.pointee.height = Int32(settings.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.time_base = AVRational(num: 1, den: Int32(settings.framesPerSecond))
        context.pointee.framerate = AVRational(num: Int32(settings.framesPerSecond), den: 1)
        context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        context.pointee.color_range = AVCOL_RANGE_MPEG
        context.pointee.colorspace = AVCOL_SPC_BT709
        context.pointee.color_primaries = AVCOL_PRI_BT709
        context.pointee.color_trc = AVCOL_TRC_BT709
        context.pointee.chroma_sample_location = AVCHROMA_LOC_CENTER
        context.pointee.thread_count = Int32(max(1, settings.threads))
        switch settings.purpose {
        case .live:
            // Pictures are never reordered, and key frames come when somebody needs one.
            context.pointee.max_b_frames = 0
            context.pointee.gop_size = Int32.max / 2
            context.pointee.thread_type = FF_THREAD_SLICE
            setRate(context, settings.bitsPerSecond, settings)
        case .file:
            context.pointee.gop_size = Int32(settings.framesPerSecond * 2)
        }
        if settings.usesGlobalHeader { context.pointee.flags |= Int32(cff_codec_global_header) }
    }

    /// Constant bitrate with a buffer of one and a half frames: no frame takes longer on the line than that.
    private static func setRate(
        _ context: UnsafeMutablePointer<AVCodecContext>, _ bitsPerSecond: Int, _ settings: VideoSettings
    ) {
        context.pointee.bit_rate = Int64(bitsPerSecond)
        context.pointee.rc_max_rate = Int64(bitsPerSecond)
        context.pointee.rc_min_rate = Int64(bitsPerSecond)
        context.pointee.rc_buffer_size = Int32(clamping: bitsPerSecond * 3 / 2 / settings.framesPerSecond)
    }

    func change(bitsPerSecond: Int) -> Bool {
        guard recipe.takesBitrate, let context else { return false }
        Self.setRate(context, bitsPerSecond, settings)
        return true
    }

    func encode(_ picture: PlanarPicture?, index: Int64, isKeyWanted: Bool) throws(CodecError) -> [VideoPacket] {
        guard let context, let frame else { return [] }
        if let picture {
            av_frame_unref(frame)
            try LibAV.check(av_frame_ref(frame, picture.frame), name)
            defer { av_frame_unref(frame) }
            let source = try upload?.frame(of: frame) ?? frame
            source.pointee.pts = index
            source.pointee.pict_type = isKeyWanted ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
            try LibAV.check(avcodec_send_frame(context, source), name)
        } else {
            try LibAV.check(avcodec_send_frame(context, nil), name)
        }
        return try packets(of: context)
    }

    private func packets(of context: UnsafeMutablePointer<AVCodecContext>) throws(CodecError) -> [VideoPacket] {
        var done: [VideoPacket] = []
        guard let packet else { return done }
        while true {
            let status = avcodec_receive_packet(context, packet)
            if status == cff_error_again || status == cff_error_eof { return done }
            try LibAV.check(status, name)
            defer { av_packet_unref(packet) }
            done.append(
                VideoPacket(
                    bytes: [UInt8](UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))),
                    isKey: packet.pointee.flags & Int32(cff_packet_key) != 0, index: packet.pointee.pts,
                    decodingIndex: packet.pointee.dts))
        }
    }
}
