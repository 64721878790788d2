/// Encodes pictures, and sound, into a video file. Belongs to one thread.
public final class VideoFileWriter {
    /// What encodes the pictures, such as "libx264".
    public var encoderName: String { encoder.name }
    /// Why it is not the first choice; nil where it is.
    public let reason: String?

    private let container: ContainerWriter
    private let encoder: any VideoEncoder
    private let sound: AudioEncoder?
    private let settings: VideoSettings
    /// Pictures that the encoder may still hold, and free ones.
    private var pictures: [PlanarPicture] = []
    private var count: Int64 = 0

    /// - Parameters:
    ///   - codecs: In the order in which they are tried.
    ///   - sound: How sound is encoded; nil for none.
    /// - Throws: `CodecError` where nothing encodes any of the codecs, `ContainerError` where the file cannot be written.
    public init(
        path: String, format: ContainerFormat, codecs: [VideoCodec], settings: VideoSettings,
        sound soundCodec: AudioTrack.Codec? = nil
    ) throws {
        var opened: (encoder: any VideoEncoder, codec: VideoCodec, reason: String?)?
        var refusals: [String] = []
        for codec in codecs where opened == nil {
            do throws(CodecError) {
                let result = try EncoderLadder(codec).open(settings)
                let reasons = refusals + [result.reason].compactMap(\.self)
                opened = (result.encoder, codec, reasons.isEmpty ? nil : reasons.joined(separator: "; "))
            } catch {
                refusals.append(error.reason)
            }
        }
        guard let opened else {
            throw CodecError.failed(
                codec: codecs.map(\.displayName).joined(separator: " or "), reason: refusals.joined(separator: "; "))
        }
        encoder = opened.encoder
        reason = opened.reason
        self.settings = settings
        sound = try soundCodec.map { codec throws(CodecError) in try AudioEncoder(codec) }
        container = try ContainerWriter(
            target: path, format: format,
            video: VideoTrack(
                codec: opened.codec, width: settings.width, height: settings.height,
                framesPerSecond: settings.framesPerSecond, header: opened.encoder.header),
            audio: sound?.track)
    }

    /// Appends the next picture.
    /// - Parameter pixels: RGBA, rows without padding.
    public func append(_ pixels: UnsafeRawBufferPointer) throws {
        let picture = try freePicture()
        picture.convert(rgba: pixels, bytesPerRow: settings.width * 4)
        for packet in try encoder.encode(picture, index: count, isKeyWanted: count == 0) {
            try container.writeVideo(packet)
        }
        count += 1
    }

    /// Appends sound, left and right in turn, at `AudioEncoder.sampleRate`.
    public func append(sound samples: UnsafeBufferPointer<Float>) throws {
        guard let sound else { return }
        try write(sound: try sound.encode(samples))
    }

    /// Writes what is left, and waits until the file is on the disk.
    public func finish() throws {
        for packet in try encoder.encode(nil, index: count, isKeyWanted: false) { try container.writeVideo(packet) }
        if let sound { try write(sound: try sound.finish()) }
        try container.finish()
    }

    private func write(sound packets: [AudioEncoder.Packet]) throws {
        for packet in packets {
            try packet.bytes.withUnsafeBytes {
                try container.writeAudio($0, presentation: packet.presentation, samples: packet.samples)
            }
        }
    }

    private func freePicture() throws(CodecError) -> PlanarPicture {
        if let free = pictures.first(where: \.isFree) { return free }
        let picture = try PlanarPicture(width: settings.width, height: settings.height)
        pictures.append(picture)
        return picture
    }
}
