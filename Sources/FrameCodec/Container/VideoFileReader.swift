import CFFmpeg
import Glibc

/// Decodes the pictures of a video file one after the other, by libavcodec. Belongs to one thread.
///
/// A file that is damaged is refused where the damage is found, and never patched over.
public final class VideoFileReader {
    /// A decoded picture.
    public struct Picture: Sendable {
        /// Pixels.
        public let width: Int
        /// Pixels.
        public let height: Int
        /// RGBA, opaque, sRGB-encoded, rows without padding, top row first.
        public let bytes: [UInt8]
        /// What it says of its colours, by which they were made.
        public let tags: ColorTags
    }

    /// The codec's name in libavcodec, such as "h264".
    public let codecName: String

    private let path: String
    private var format: UnsafeMutablePointer<AVFormatContext>?
    private var codec: UnsafeMutablePointer<AVCodecContext>?
    private var packet = av_packet_alloc()
    private var frame = av_frame_alloc()
    private var streamIndex: Int32 = 0
    private var isDraining = false
    /// The matrix of VP8 by its container, as browsers take it: its stream has one bit for it, which has to be BT.601
    /// (RFC 6386, §9.2). Nil for other codecs, and where the container says nothing.
    private var container: AVColorSpace?

    /// - Throws: `ContainerError`.
    public init(path: String) throws(ContainerError) {
        LibAVLog.quieten()
        self.path = path
        try Self.checkFile(path)
        do throws(ContainerError) {
            let stream = try Self.openVideo(path, &format, &streamIndex, &container)
            guard let decoder = avcodec_find_decoder(stream.pointee.codecpar.pointee.codec_id),
                let context = avcodec_alloc_context3(decoder), packet != nil, frame != nil
            else { throw .notVideo(path: path, reason: "this build of FFmpeg cannot decode it") }
            codecName = String(cString: decoder.pointee.name)
            codec = context
            var status = avcodec_parameters_to_context(context, stream.pointee.codecpar)
            context.pointee.err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK
            context.pointee.pkt_timebase = stream.pointee.time_base
            if status >= 0 { status = avcodec_open2(context, decoder, nil) }
            if status < 0 { throw .notVideo(path: path, reason: LibAV.text(status).lowercased()) }
        } catch {
            avformat_close_input(&format)
            avcodec_free_context(&codec)
            throw error
        }
    }

    deinit {
        avcodec_free_context(&codec)
        avformat_close_input(&format)
        av_packet_free(&packet)
        av_frame_free(&frame)
    }

    /// The next picture in the order in which they are shown; nil behind the last one.
    public func next() throws(ContainerError) -> Picture? {
        guard let codec, let frame else { return nil }
        while true {
            let status = avcodec_receive_frame(codec, frame)
            if status == cff_error_eof { return nil }
            if status == cff_error_again {
                try feed(codec)
                continue
            }
            guard status >= 0, frame.pointee.decode_error_flags == 0 else { throw damaged }
            defer { av_frame_unref(frame) }
            let kind = AVPixelFormat(rawValue: frame.pointee.format)
            guard kind == AV_PIX_FMT_YUV420P || kind == AV_PIX_FMT_YUVJ420P else {
                let name = av_get_pix_fmt_name(kind).map { String(cString: $0) } ?? "unknown"
                throw .notVideo(path: path, reason: "its pixels are of the kind \(name), and only yuv420p can be read")
            }
            let tags = ColorTags(frame, container: container)
            return Picture(
                width: Int(frame.pointee.width), height: Int(frame.pointee.height),
                bytes: PictureExpansion.rgba(frame, tags), tags: tags)
        }
    }

    private var damaged: ContainerError {
        .notVideo(path: path, reason: "it is damaged or not whole; make it anew")
    }

    /// Gives the decoder what comes next.
    private func feed(_ codec: UnsafeMutablePointer<AVCodecContext>) throws(ContainerError) {
        guard let packet, !isDraining else { throw damaged }
        while true {
            let status = av_read_frame(format, packet)
            if status == cff_error_eof { break }
            guard status >= 0 else { throw damaged }
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == streamIndex else { continue }
            guard packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0, avcodec_send_packet(codec, packet) >= 0 else {
                throw damaged
            }
            return
        }
        isDraining = true
        guard avcodec_send_packet(codec, nil) >= 0 else { throw damaged }
    }

    private static func openVideo(
        _ path: String, _ format: inout UnsafeMutablePointer<AVFormatContext>?, _ index: inout Int32,
        _ matrix: inout AVColorSpace?
    ) throws(ContainerError) -> UnsafeMutablePointer<AVStream> {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // A playlist must not lead to the network; and a colon in the name is no protocol.
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        let broken = ContainerError.notVideo(
            path: path, reason: "it is no video, or its beginning or index is missing")
        guard avformat_open_input(&format, "file:" + path, nil, &options) >= 0, let format else { throw broken }
        // What the container says is lost once the stream has been looked at.
        let matrices = (0..<Int(format.pointee.nb_streams)).map { n -> AVColorSpace? in
            guard let parameters = format.pointee.streams[n]?.pointee.codecpar,
                parameters.pointee.codec_id == AV_CODEC_ID_VP8,
                parameters.pointee.color_space != AVCOL_SPC_UNSPECIFIED
            else { return nil }
            return parameters.pointee.color_space
        }
        guard avformat_find_stream_info(format, nil) >= 0 else { throw broken }
        index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        guard index >= 0, let stream = format.pointee.streams[Int(index)] else {
            throw .notVideo(path: path, reason: "there is no video in it")
        }
        matrix = matrices.indices.contains(Int(index)) ? matrices[Int(index)] : nil
        return stream
    }

    /// What can be told without FFmpeg is told in plainer words than its own.
    private static func checkFile(_ path: String) throws(ContainerError) {
        var info = stat()
        guard stat(path, &info) == 0, access(path, R_OK) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
        }
        guard info.st_mode & S_IFMT == S_IFREG else { throw .notVideo(path: path, reason: "it is not a file") }
        guard info.st_size > 0 else { throw .notVideo(path: path, reason: "it is empty") }
    }
}
