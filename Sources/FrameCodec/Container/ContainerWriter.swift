import CFFmpeg
import Glibc

/// Writes packets of video, and of sound, into a file or to an address, by libavformat.
///
/// Owned by one thread. The video begins with the first key frame that is written, and its time is 0. A file that was not
/// finished is whole as far as its format allows: a fragmented MP4 to the last half second.
public final class ContainerWriter {
    /// How the target is named in errors: without what an address may hold in secret.
    public let targetName: String
    /// Bytes that were handed to the system.
    public var bytesWritten: Int64 { context?.pointee.pb.map { avio_tell($0) } ?? finalSize }

    private let path: String?
    private let video: VideoTrack
    private let deadline: IODeadline
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private var options: OpaquePointer?
    private var packet: UnsafeMutablePointer<AVPacket>?
    private var hasHeader = false
    /// The presentation time of the first frame, in the track's unit.
    private var origin: Int64?
    /// The decoding time of each stream's newest packet, in the stream's own unit.
    private var newest: [Int64]
    private var finalSize: Int64 = 0

    /// Opens the target. The file's beginning is written once there is a key frame, or at once where the track has a header.
    /// - Parameters:
    ///   - target: A path, or an address with a scheme such as rtsp://.
    ///   - video: Of which there is always one.
    ///   - audio: Sound, where there is some.
    ///   - timeout: Seconds that one call may wait for the other side.
    ///   - isCancelled: Asked while a call waits; true ends the wait as if the time were over.
    /// - Throws: `ContainerError`.
    public init(
        target: String, format: ContainerFormat = .guessed, video: VideoTrack, audio: AudioTrack? = nil,
        timeout: Double = 10, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(ContainerError) {
        LibAVLog.quieten()
        let isAddress = target.contains("://")
        path = isAddress ? nil : target
        targetName = isAddress ? Self.publicPart(of: target) : target
        self.video = video
        deadline = IODeadline(seconds: timeout, isCancelled: isCancelled)
        newest = [Int64](repeating: .min, count: audio == nil ? 1 : 2)
        guard let description = av_guess_format(format.name, target, nil) else {
            throw .unknownFormat(format.name ?? targetName)
        }
        guard
            avformat_alloc_output_context2(&context, description, nil, isAddress ? target : "file:" + target) >= 0,
            let context
        else { throw .unknownFormat(format.name ?? targetName) }
        do throws(ContainerError) {
            context.pointee.flags |= AVFMT_FLAG_BITEXACT
            context.pointee.interrupt_callback = deadline.callback
            packet = av_packet_alloc()
            try addStream { stream in
                video.describe(stream.pointee.codecpar)
                Self.setHeader(video.header, stream.pointee.codecpar)
                stream.pointee.time_base = video.unit.preferred
                stream.pointee.avg_frame_rate = AVRational(num: Int32(clamping: video.framesPerSecond), den: 1)
                stream.pointee.r_frame_rate = stream.pointee.avg_frame_rate
            }
            if let audio {
                try addStream { stream in
                    audio.describe(stream.pointee.codecpar)
                    Self.setHeader(audio.header, stream.pointee.codecpar)
                    stream.pointee.time_base = AVRational(num: 1, den: Int32(clamping: audio.sampleRate))
                }
            }
            for (key, value) in format.options { av_dict_set(&options, key, value, 0) }
            try open(context, description)
            if video.codec != .h264 || !video.header.isEmpty { try begin(context) }
        } catch {
            release()
            throw error
        }
    }

    deinit { release() }

    /// Writes a frame. Frames before the first key frame are left out.
    /// - Parameters:
    ///   - bytes: Annex B for H.264, else a whole frame.
    ///   - presentation: When it is shown, in the track's unit; grows from key frame to key frame.
    ///   - decoding: When it is decoded; nil where frames are not reordered.
    public func writeVideo(
        _ bytes: UnsafeRawBufferPointer, isKey: Bool, presentation: Int64, decoding: Int64? = nil
    ) throws(ContainerError) {
        guard let context else { return }
        if origin == nil {
            guard isKey else { return }
            if !hasHeader {
                if let stream = context.pointee.streams[0] {
                    Self.setHeader(AnnexB.parameterSets(bytes), stream.pointee.codecpar)
                }
                try begin(context)
            }
            origin = presentation
        }
        let start = origin ?? 0
        let second = video.unit == .microseconds ? 1_000_000 : Int(video.unit.rational.den)
        try write(
            bytes, stream: 0, isKey: isKey, presentation: presentation - start,
            decoding: (decoding ?? presentation) - start, duration: Int64(second / max(video.framesPerSecond, 1)),
            unit: video.unit.rational)
    }

    /// Writes what an encoder made of a picture, with the picture's number as its time.
    public func writeVideo(_ packet: VideoPacket) throws(ContainerError) {
        // Errors cannot be thrown through the closure with their type.
        let result: Result<Void, ContainerError> = packet.bytes.withUnsafeBytes { bytes in
            do throws(ContainerError) {
                return .success(
                    try writeVideo(
                        bytes, isKey: packet.isKey, presentation: packet.index, decoding: packet.decodingIndex))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Writes a packet of sound. Sound before the first key frame is left out.
    /// - Parameters:
    ///   - presentation: Samples since the beginning of the video; negative for what a player leaves out.
    ///   - samples: How long it lasts.
    public func writeAudio(
        _ bytes: UnsafeRawBufferPointer, presentation: Int64, samples: Int64
    ) throws(ContainerError) {
        guard let context, hasHeader, newest.count > 1, let stream = context.pointee.streams[1] else { return }
        try write(
            bytes, stream: 1, isKey: true, presentation: presentation + soundShift, decoding: presentation + soundShift,
            duration: samples, unit: AVRational(num: 1, den: stream.pointee.codecpar.pointee.sample_rate),
            surplus: Int64(stream.pointee.codecpar.pointee.frame_size) - samples)
    }

    /// What is added to the times of sound. Matroska holds apart what a player leaves out at the beginning, and players take
    /// it off again (RFC 9559, CodecDelay).
    private var soundShift: Int64 {
        guard let context, let stream = context.pointee.streams[1] else { return 0 }
        let name = String(cString: context.pointee.oformat.pointee.name)
        return name == "webm" || name == "matroska" ? Int64(stream.pointee.codecpar.pointee.initial_padding) : 0
    }

    /// Writes the end, and waits until a file is on the disk.
    /// - Throws: `ContainerError.empty` where there was no key frame.
    public func finish() throws(ContainerError) {
        guard let context else { return }
        defer { release() }
        guard hasHeader, origin != nil else { throw .empty(target: targetName) }
        deadline.restart()
        try check(av_write_trailer(context))
        if let stream = context.pointee.pb, context.pointee.oformat.pointee.flags & cff_format_no_file == 0 {
            finalSize = avio_tell(stream)
            try check(avio_closep(&context.pointee.pb))
        }
        guard let path else { return }
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        if fsync(file) != 0 { try check(-errno) }
    }

    private func addStream(_ describe: (UnsafeMutablePointer<AVStream>) -> Void) throws(ContainerError) {
        guard packet != nil, let stream = avformat_new_stream(context, nil) else {
            throw .unwritable(target: targetName, reason: "there is no memory left")
        }
        describe(stream)
    }

    private func open(
        _ context: UnsafeMutablePointer<AVFormatContext>, _ format: UnsafePointer<AVOutputFormat>
    ) throws(ContainerError) {
        // Formats without a file open their target themselves, when the beginning is written.
        guard format.pointee.flags & cff_format_no_file == 0 else { return }
        deadline.restart()
        try check(
            avio_open2(
                &context.pointee.pb, context.pointee.url, AVIO_FLAG_WRITE, &context.pointee.interrupt_callback, &options
            ))
    }

    private func begin(_ context: UnsafeMutablePointer<AVFormatContext>) throws(ContainerError) {
        deadline.restart()
        let status = avformat_write_header(context, &options)
        let format = String(cString: context.pointee.oformat.pointee.name)
        if status == -EINVAL || status == cff_error_invalid_data {
            throw .unsuitable(format: format, reason: "it takes \(video.codec.displayName) of another kind, or none")
        }
        try check(status)
        hasHeader = true
        if let unknown = av_dict_get(options, "", nil, AV_DICT_IGNORE_SUFFIX) {
            throw .unsuitable(format: format, reason: "it has no option '\(String(cString: unknown.pointee.key))'")
        }
    }

    private func write(
        _ bytes: UnsafeRawBufferPointer, stream index: Int, isKey: Bool, presentation: Int64, decoding: Int64,
        duration: Int64, unit: AVRational, surplus: Int64 = 0
    ) throws(ContainerError) {
        guard let context, let packet, let stream = context.pointee.streams[index] else { return }
        guard let source = bytes.baseAddress, av_new_packet(packet, Int32(clamping: bytes.count)) >= 0 else {
            throw .unwritable(target: targetName, reason: "there is no memory left")
        }
        defer { av_packet_unref(packet) }
        packet.pointee.data.update(from: source.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        packet.pointee.stream_index = Int32(index)
        packet.pointee.flags = isKey ? Int32(cff_packet_key) : 0
        packet.pointee.pts = presentation
        packet.pointee.dts = decoding
        packet.pointee.duration = duration
        // Samples at the end that a player leaves out, where the format can say so: the second of two numbers of 32 bits.
        if surplus > 0, let skipped = av_packet_new_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, 10) {
            let numbers = UnsafeMutableRawBufferPointer(start: skipped, count: 10)
            numbers.initializeMemory(as: UInt8.self, repeating: 0)
            numbers.storeBytes(of: UInt32(clamping: surplus).littleEndian, toByteOffset: 4, as: UInt32.self)
        }
        av_packet_rescale_ts(packet, unit, stream.pointee.time_base)
        // Two times may fall on one tick, and no format takes that.
        if packet.pointee.dts <= newest[index] { packet.pointee.dts = newest[index] + 1 }
        packet.pointee.pts = max(packet.pointee.pts, packet.pointee.dts)
        newest[index] = packet.pointee.dts
        deadline.restart()
        try check(av_interleaved_write_frame(context, packet))
    }

    private func check(_ status: Int32) throws(ContainerError) {
        if status < 0 { throw .writing(status, target: targetName, timeout: deadline.seconds) }
    }

    private func release() {
        deadline.restart()
        if let context {
            if context.pointee.oformat.pointee.flags & cff_format_no_file == 0 { avio_closep(&context.pointee.pb) }
            avformat_free_context(context)
        }
        context = nil
        av_dict_free(&options)
        av_packet_free(&packet)
    }

    private static func setHeader(_ header: [UInt8], _ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        guard !header.isEmpty, let memory = av_mallocz(header.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else { return }
        header.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: memory, count: header.count).copyMemory(from: $0)
        }
        av_freep(&parameters.pointee.extradata)
        parameters.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
        parameters.pointee.extradata_size = Int32(header.count)
    }

    /// Scheme and host of an address: user, password, path and query may hold a key.
    private static func publicPart(of address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else { return address }
        let authority = address[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        return String(address[..<scheme.upperBound] + host)
    }
}
