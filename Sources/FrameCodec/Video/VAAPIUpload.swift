import CFFmpeg

/// Brings pictures into the memory of a VA-API device, whose encoders take them from there alone.
final class VAAPIUpload {
    private static let name = "h264_vaapi"
    /// Pictures that lie in the device at a time: an encoder without delay holds one, and one is on the way.
    private static let pictures: Int32 = 4

    private var device: UnsafeMutablePointer<AVBufferRef>?
    private var frames: UnsafeMutablePointer<AVBufferRef>?
    private var target: UnsafeMutablePointer<AVFrame>?
    private var interleaved: UnsafeMutablePointer<AVFrame>?

    /// Opens the first VA-API device and tells `encoder` of it. Throws `CodecError` where there is none.
    init(_ settings: VideoSettings, encoder: UnsafeMutablePointer<AVCodecContext>) throws(CodecError) {
        guard av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, nil, nil, 0) >= 0 else {
            throw .failed(codec: Self.name, reason: "no VA-API device")
        }
        guard let device, let pool = av_hwframe_ctx_alloc(device) else {
            throw .failed(codec: Self.name, reason: "the device gives no memory")
        }
        frames = pool
        pool.pointee.data.withMemoryRebound(to: AVHWFramesContext.self, capacity: 1) { context in
            context.pointee.format = AV_PIX_FMT_VAAPI
            context.pointee.sw_format = AV_PIX_FMT_NV12
            context.pointee.width = Int32(settings.width)
            context.pointee.height = Int32(settings.height)
            context.pointee.initial_pool_size = Self.pictures
        }
        try LibAV.check(av_hwframe_ctx_init(pool), Self.name)
        encoder.pointee.hw_frames_ctx = av_buffer_ref(pool)
        encoder.pointee.pix_fmt = AV_PIX_FMT_VAAPI
        target = av_frame_alloc()
        interleaved = av_frame_alloc()
        guard let interleaved, target != nil else {
            throw .failed(codec: Self.name, reason: "there is no memory left")
        }
        interleaved.pointee.format = AV_PIX_FMT_NV12.rawValue
        interleaved.pointee.width = Int32(settings.width)
        interleaved.pointee.height = Int32(settings.height)
        try LibAV.check(av_frame_get_buffer(interleaved, 0), Self.name)
    }

    deinit {
        av_frame_free(&target)
        av_frame_free(&interleaved)
        av_buffer_unref(&frames)
        av_buffer_unref(&device)
    }

    /// The picture in the device's memory, until the next call.
    func frame(of picture: UnsafeMutablePointer<AVFrame>) throws(CodecError) -> UnsafeMutablePointer<AVFrame> {
        guard let target, let interleaved, let frames else {
            throw .failed(codec: Self.name, reason: "the device is gone")
        }
        av_frame_unref(target)
        interleave(picture, into: interleaved)
        try LibAV.check(av_hwframe_get_buffer(frames, target, 0), Self.name)
        try LibAV.check(av_hwframe_transfer_data(target, interleaved, 0), Self.name)
        try LibAV.check(av_frame_copy_props(target, picture), Self.name)
        return target
    }

    /// 4:2:0 in three planes to luma and one plane of both chromas, which is what devices hold.
    private func interleave(
        _ source: UnsafeMutablePointer<AVFrame>, into target: UnsafeMutablePointer<AVFrame>
    ) {
        let (from, to) = (source.pointee.data, target.pointee.data)
        let (steps, stride) = (source.pointee.linesize, target.pointee.linesize)
        guard let luma = from.0, let cb = from.1, let cr = from.2, let lumaOut = to.0, let chromaOut = to.1 else {
            return
        }
        let (width, height) = (Int(source.pointee.width), Int(source.pointee.height))
        for row in 0..<height {
            (lumaOut + row * Int(stride.0)).update(from: luma + row * Int(steps.0), count: width)
        }
        for row in 0..<(height / 2) {
            let (blue, red) = (cb + row * Int(steps.1), cr + row * Int(steps.2))
            let out = chromaOut + row * Int(stride.1)
            for x in 0..<(width / 2) {
                out[2 * x] = blue[x]
                out[2 * x + 1] = red[x]
            }
        }
    }
}
