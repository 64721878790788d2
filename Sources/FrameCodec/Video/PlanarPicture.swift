import CFFmpeg

/// A picture in Y′CbCr 4:2:0, as encoders take it: BT.709, limited range, of even width and height.
///
/// `@unchecked Sendable`: the planes are written by `convert` alone, which its owner calls while nobody else holds the
/// picture (`isFree`); everybody else reads.
public final class PlanarPicture: @unchecked Sendable {
    /// Pixels, even.
    public let width: Int
    /// Pixels, even.
    public let height: Int
    let frame: UnsafeMutablePointer<AVFrame>

    /// - Parameters:
    ///   - width: Even, from 2.
    ///   - height: Even, from 2.
    /// - Throws: `CodecError` where there is no memory.
    public init(width: Int, height: Int) throws(CodecError) {
        guard let frame = av_frame_alloc() else { throw .failed(codec: "FFmpeg", reason: "there is no memory left") }
        frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        frame.pointee.width = Int32(width)
        frame.pointee.height = Int32(height)
        frame.pointee.color_range = AVCOL_RANGE_MPEG
        frame.pointee.colorspace = AVCOL_SPC_BT709
        frame.pointee.color_primaries = AVCOL_PRI_BT709
        frame.pointee.color_trc = AVCOL_TRC_BT709
        frame.pointee.chroma_location = AVCHROMA_LOC_CENTER
        guard av_frame_get_buffer(frame, 0) >= 0 else {
            var frame: UnsafeMutablePointer<AVFrame>? = frame
            av_frame_free(&frame)
            throw .failed(codec: "FFmpeg", reason: "there is no memory left")
        }
        self.frame = frame
        self.width = width
        self.height = height
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// Whether no encoder holds the planes any more.
    var isFree: Bool { av_frame_is_writable(frame) > 0 }

    /// Fills the planes from RGBA of at least this size.
    /// - Parameter bytesPerRow: Of the source.
    public func convert(rgba pixels: UnsafeRawBufferPointer, bytesPerRow: Int) {
        let planes = frame.pointee.data, strides = frame.pointee.linesize
        guard let source = pixels.baseAddress, pixels.count >= (height - 1) * bytesPerRow + width * 4,
            let luma = planes.0, let cb = planes.1, let cr = planes.2
        else { return }
        for row in stride(from: 0, to: height, by: 2) {
            let upper = source + row * bytesPerRow
            let upperLuma = luma + row * Int(strides.0)
            BT709.convert(
                upper, upper + bytesPerRow, width: width, upperLuma: upperLuma,
                lowerLuma: upperLuma + Int(strides.0), cb: cb + row / 2 * Int(strides.1),
                cr: cr + row / 2 * Int(strides.2))
        }
    }
}
