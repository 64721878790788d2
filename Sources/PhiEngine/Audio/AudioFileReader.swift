import CFFmpeg
import Glibc

/// Streams any file that FFmpeg decodes as endless sound at 48 kHz: at its end it begins again. Holds no more than one
/// decoded frame.
///
/// A file that ends early or is damaged is played as far as it goes: a packet that cannot be decoded is left out.
final class AudioFileReader {
    static let sampleRate = 48_000

    private let path: String
    private let channels: Int
    /// Passes through the file that are shorter than this are refused, samples.
    private let shortestPass: Int
    private var file: OpenAudioFile
    private var resampler: Resampler?
    private let packet: UnsafeMutablePointer<AVPacket>
    private let frame: UnsafeMutablePointer<AVFrame>
    private let pending = SampleQueue()
    private let playback: PlaybackOptions
    /// Whether it has come to the end of a file that is played once; there is silence from there on.
    private(set) var hasEnded = false
    /// Packets that could not be decoded and were left out.
    private(set) var damagedPackets: UInt64 = 0
    private var samplesThisPass = 0
    private var isDraining = false
    private var isFreshlyOpened = true
    /// The samples of each channel that the first pass through the file gave, once it has ended.
    private(set) var length: Int?

    /// Opens the file and decodes its beginning.
    ///
    /// - Parameters:
    ///   - channels: That the sound is mixed to: 1 or 2.
    ///   - shortestPass: The samples of each channel that the file must give at least.
    ///   - playback: How fast, from where, and whether it begins again.
    /// - Throws: `EngineError`.
    init(
        path: String, channels: Int = 1, shortestPass: Int, playback: PlaybackOptions = PlaybackOptions()
    ) throws {
        self.path = path
        self.channels = channels
        self.shortestPass = shortestPass
        self.playback = playback
        file = try OpenAudioFile(path: path)
        var packet = av_packet_alloc()
        var frame = av_frame_alloc()
        guard let packet, let frame else {
            av_packet_free(&packet)
            av_frame_free(&frame)
            throw EngineError.analysisFailed(reason: "out of memory")
        }
        self.packet = packet
        self.frame = frame
        while pending.count < shortestPass * channels { try refill() }
        try skip(Int((playback.start * Double(Self.sampleRate) / playback.speed).rounded()))
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_packet_free(&packet)
        av_frame_free(&frame)
    }

    /// Leaves out so many samples of each channel; once the length is known, no whole pass.
    private func skip(_ count: Int) throws {
        var left = count * channels
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: 8_192) { buffer in
            while left > 0, !hasEnded {
                let piece = UnsafeMutableBufferPointer(rebasing: buffer[..<min(left, buffer.count)])
                try read(into: piece)
                left -= piece.count
                if let length, length > 0 { left %= length * channels }
            }
        }
    }

    /// Fills `samples` with what comes next, ±1 at full scale, channels in turn.
    ///
    /// - Parameter samples: As many for each channel.
    func read(into samples: UnsafeMutableBufferPointer<Float>) throws {
        while pending.count < samples.count, !hasEnded { try refill() }
        let count = min(pending.count, samples.count)
        pending.take(into: UnsafeMutableBufferPointer(rebasing: samples[..<count]))
        samples[count...].update(repeating: 0)
    }

    /// Takes one step towards more samples: a frame, a packet, or the way back to the beginning.
    private func refill() throws {
        let status = avcodec_receive_frame(file.codec, frame)
        if status == 0 {
            defer { av_frame_unref(frame) }
            try convertFrame()
        } else if status == cff_error_eof || (isDraining && status != cff_error_again) {
            try rewind()
        } else {
            feedDecoder()
        }
    }

    private func feedDecoder() {
        while av_read_frame(file.format, packet) >= 0 {
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == file.streamIndex else { continue }
            // A damaged packet is refused here, and the next one is tried.
            if avcodec_send_packet(file.codec, packet) < 0 { damagedPackets += 1 }
            return
        }
        // The end, or a place that cannot be read: either way the decoder gives what it still holds.
        _ = avcodec_send_packet(file.codec, nil)
        isDraining = true
    }

    private func convertFrame() throws {
        if resampler?.accepts(frame) != true {
            resampler = try Resampler(for: frame, channels: channels, speed: playback.speed, path: path)
        }
        guard let resampler else { return }
        samplesThisPass += resampler.convert(frame, into: pending) / channels
    }

    /// Goes back to the beginning. The resampler runs on, so that there is no gap at the seam.
    private func rewind() throws {
        if length == nil { length = samplesThisPass }
        if !playback.loops, samplesThisPass >= shortestPass {
            hasEnded = true
            return
        }
        if samplesThisPass < shortestPass {
            guard !isFreshlyOpened else {
                throw samplesThisPass == 0
                    ? EngineError.fileNotAudio(path: path)
                    : EngineError.fileTooShort(path: path, samples: samplesThisPass)
            }
            // Seeking did not lead back to the beginning.
            try reopen()
        } else if file.seekToStart() {
            isFreshlyOpened = false
        } else {
            try reopen()
        }
        samplesThisPass = 0
        isDraining = false
    }

    private func reopen() throws {
        file = try OpenAudioFile(path: path)
        isFreshlyOpened = true
    }
}
