import CFFmpeg
import Glibc

/// An open file with its best audio stream and the decoder for it.
final class OpenAudioFile {
    let format: UnsafeMutablePointer<AVFormatContext>
    let codec: UnsafeMutablePointer<AVCodecContext>
    let streamIndex: Int32

    /// - Throws: `EngineError`.
    init(path: String) throws {
        _ = LibraryText.silence
        try Self.checkFile(path)
        var opened = try Self.openContainer(path)
        do {
            var decoder: UnsafePointer<AVCodec>?
            let best = av_find_best_stream(opened, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0)
            guard best >= 0, let decoder, let container = opened, let streams = container.pointee.streams,
                let stream = streams[Int(best)]
            else { throw EngineError.fileNotAudio(path: path) }
            for n in 0..<Int(container.pointee.nb_streams) where n != Int(best) {
                streams[n]?.pointee.discard = AVDISCARD_ALL
            }
            codec = try Self.openDecoder(decoder, for: stream, path: path)
            format = container
            streamIndex = best
        } catch {
            avformat_close_input(&opened)
            throw error
        }
    }

    deinit {
        var codec: UnsafeMutablePointer<AVCodecContext>? = codec
        var format: UnsafeMutablePointer<AVFormatContext>? = format
        avcodec_free_context(&codec)
        avformat_close_input(&format)
    }

    /// Back to the first sample; false where the file cannot be wound back.
    func seekToStart() -> Bool {
        guard let stream = format.pointee.streams[Int(streamIndex)] else { return false }
        let start = stream.pointee.start_time
        let target = start == cff_no_pts ? 0 : start
        guard av_seek_frame(format, streamIndex, target, AVSEEK_FLAG_BACKWARD) >= 0 else { return false }
        avcodec_flush_buffers(codec)
        return true
    }

    /// What can be told without FFmpeg is told in plainer words than its own.
    private static func checkFile(_ path: String) throws {
        var info = stat()
        guard stat(path, &info) == 0 else {
            let code = errno
            throw code == ENOENT || code == ENOTDIR
                ? EngineError.fileNotFound(path: path)
                : EngineError.fileUnreadable(path: path, reason: String(cString: strerror(code)).lowercased())
        }
        switch info.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw EngineError.fileIsDirectory(path: path)
        default: throw EngineError.fileNotRegular(path: path)
        }
        guard info.st_size > 0 else { throw EngineError.fileEmpty(path: path) }
        guard access(path, R_OK) == 0 else {
            throw EngineError.fileUnreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
        }
    }

    private static func openContainer(_ path: String) throws -> UnsafeMutablePointer<AVFormatContext>? {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // A playlist must not lead to the network; and a colon in the name is no protocol.
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        var format: UnsafeMutablePointer<AVFormatContext>?
        let status = avformat_open_input(&format, "file:" + path, nil, &options)
        guard status >= 0 else {
            throw status == cff_error_invalid_data || status == cff_error_eof
                ? EngineError.fileNotAudio(path: path)
                : EngineError.fileUnreadable(path: path, reason: LibraryText.of(status))
        }
        guard avformat_find_stream_info(format, nil) >= 0 else {
            avformat_close_input(&format)
            throw EngineError.fileNotAudio(path: path)
        }
        return format
    }

    private static func openDecoder(
        _ decoder: UnsafePointer<AVCodec>, for stream: UnsafeMutablePointer<AVStream>, path: String
    ) throws -> UnsafeMutablePointer<AVCodecContext> {
        var codec = avcodec_alloc_context3(decoder)
        guard let context = codec else { throw EngineError.analysisFailed(reason: "out of memory") }
        var status = avcodec_parameters_to_context(context, stream.pointee.codecpar)
        if status >= 0 {
            context.pointee.pkt_timebase = stream.pointee.time_base
            context.pointee.thread_count = 1
            status = avcodec_open2(context, decoder, nil)
        }
        guard status >= 0 else {
            avcodec_free_context(&codec)
            throw EngineError.fileUnreadable(path: path, reason: LibraryText.of(status))
        }
        return context
    }
}
