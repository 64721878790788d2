import Handoff
import Logging
import NIOCore

/// Encodes a stream of video: key frames when somebody needs one, at the bitrate that viewers can take.
struct VideoWorker: StreamWorker {
    /// Between two key frames that were asked for, µs.
    static let keyInterval: UInt64 = 500_000
    /// Between two rebuilds for the sake of the bitrate, µs.
    private static let rebuildInterval: UInt64 = 2_000_000

    private struct Running {
        let encoder: any VideoEncoder
        let settings: VideoSettings
        let reason: String?
        let builtAt: UInt64
        /// Known from the first key frame on.
        var format: StreamFormat?
        var index: Int64 = 0
    }

    private let stream: EncodedStream
    private let ladder: EncoderLadder
    private let pictures: TierPictures
    private let workshop: StreamWorkshop
    private let drawnRate: Double
    private let threads: Int
    private var running: Running?
    private var control: BitrateControl
    private var cadence: Cadence
    private let freshControl: BitrateControl
    private var divisor = 1
    private var isThinned: Bool { divisor > 1 || stream.framesPerSecond < drawnRate }
    private var chain: UInt64 = 0
    private var keyAt: UInt64 = 0
    /// Encoders that failed while they ran.
    private var avoided: Set<String> = []
    /// What the encoder was given and has not returned.
    private var pending: [(index: Int64, info: FrameInfo)] = []

    init(
        _ stream: EncodedStream, _ ladder: EncoderLadder, _ pictures: TierPictures, bitrates: ClosedRange<Int>,
        drawnRate: Double, threads: Int, _ workshop: StreamWorkshop
    ) {
        self.drawnRate = drawnRate
        self.stream = stream
        self.ladder = ladder
        self.pictures = pictures
        self.workshop = workshop
        self.threads = threads
        let usual = VideoBitrate.usual(
            width: stream.width, height: stream.height, framesPerSecond: stream.framesPerSecond)
        let most = min(bitrates.upperBound, max(bitrates.lowerBound, usual * 3 / 2))
        control = BitrateControl(
            range: bitrates.lowerBound...most, start: usual, framesPerSecond: stream.framesPerSecond)
        freshControl = control
        cadence = Cadence(framesPerSecond: stream.framesPerSecond)
    }

    mutating func rest() {
        running = nil
        pending = []
        pictures.release()
        stream.rested()
        // Whoever comes next is not who could not keep up.
        control = freshControl
        thin(by: 1)
    }

    mutating func encode(_ lease: consuming FrameLease) {
        var info = lease.info
        let now = MonotonicClock.microseconds
        // Where every frame is wanted none is left out for having come a little early.
        guard !isThinned || cadence.takes(info.presentationTime) else { return }
        guard stream.refusal == nil else { return }
        if divisor > 1 { stream.leftOut(divisor - 1) }
        adapt(now)
        do {
            let picture = try pictures.planar(lease)
            // The renderer needs its buffer more than the encoder does.
            _ = consume lease
            let started = MonotonicClock.microseconds
            info.readbackMicroseconds += UInt32(clamping: started - now)
            (info.width, info.height) = (picture.width, picture.height)
            try open(picture, now)
            try encode(picture, info, started)
        } catch {
            fail(error)
        }
    }

    // MARK: Encoder

    private mutating func open(_ picture: PlanarPicture, _ now: UInt64) throws(CodecError) {
        var settings = VideoSettings(
            width: picture.width, height: picture.height,
            // Also where frames are left out: another rate would be another encoder, and a new beginning for everybody.
            framesPerSecond: max(1, Int(stream.framesPerSecond.rounded())),
            bitsPerSecond: control.bitsPerSecond, threads: threads)
        if let running {
            let isSamePicture =
                running.settings.width == settings.width && running.settings.height == settings.height
                && running.settings.framesPerSecond == settings.framesPerSecond
            if isSamePicture {
                settings.bitsPerSecond = running.settings.bitsPerSecond
                return
            }
        }
        running = nil
        pending = []
        let opened = try ladder.open(settings, avoiding: avoided)
        stream.setTargetBitrate(settings.bitsPerSecond)
        stream.recovered()
        running = Running(encoder: opened.encoder, settings: settings, reason: opened.reason, builtAt: now)
        keyAt = 0
        workshop.logger.info(
            "Encoding \(ladder.codec.displayName).",
            metadata: [
                "encoder": "\(opened.encoder.name)", "hardware": "\(opened.encoder.isHardware)",
                "size": "\(settings.width)x\(settings.height)", "fps": "\(settings.framesPerSecond)",
                "bitrate": "\(settings.bitsPerSecond)", "reason": "\(opened.reason ?? "first choice")",
            ])
    }

    private mutating func encode(_ picture: PlanarPicture, _ info: FrameInfo, _ started: UInt64) throws(CodecError) {
        guard let encoder = running?.encoder, let index = running?.index else { return }
        running?.index += 1
        var isKeyWanted = index == 0
        if stream.isKeyRequested, started >= keyAt + Self.keyInterval { isKeyWanted = true }
        if isKeyWanted { stream.keyTaken() }
        pending.append((index, info))
        let packets = try encoder.encode(picture, index: index, isKeyWanted: isKeyWanted)
        let elapsed = UInt32(clamping: MonotonicClock.microseconds - started)
        for packet in packets { publish(packet, encodeMicroseconds: max(elapsed, 1), at: started) }
    }

    private mutating func publish(_ packet: VideoPacket, encodeMicroseconds: UInt32, at now: UInt64) {
        guard let place = pending.firstIndex(where: { $0.index == packet.index }) else { return }
        let info = pending[place].info
        pending.removeFirst(place + 1)
        if packet.isKey { keyAt = now }
        guard let format = format(packet, info) else { return }
        chain += 1
        var flags: MediaFlags = packet.isKey ? .key : []
        if packet.index == 0, chain > 1 { flags.insert(.discontinuity) }
        workshop.sink.publish(
            EncodedFrame(
                info: info, type: .video, flags: flags, stream: stream.id, format: format, chain: chain,
                encodeMicroseconds: encodeMicroseconds,
                message: packet.bytes.withUnsafeBytes { ByteBuffer(mediaPayload: $0) }))
    }

    /// The format of the epoch, which begins with a key frame.
    private mutating func format(_ packet: VideoPacket, _ info: FrameInfo) -> StreamFormat? {
        if let format = running?.format { return format }
        guard packet.isKey, let running else { return nil }
        let format = StreamFormat(
            epoch: workshop.epochs.next(),
            codec: packet.bytes.withUnsafeBytes { ladder.codec.name(keyFrame: $0) }, width: info.width,
            height: info.height, framesPerSecond: Double(running.settings.framesPerSecond),
            encoder: running.encoder.name, isHardware: running.encoder.isHardware, reason: running.reason)
        self.running?.format = format
        stream.changed(to: format)
        return format
    }

    /// An encoder that failed is replaced with the next frame; where none is left, viewers are told. None is left as well
    /// where one that failed before was built anew, and soon failed again.
    private mutating func fail(_ error: any Error) {
        let wasRunning = running
        rest()
        if let wasRunning,
            !avoided.contains(wasRunning.encoder.name)
                || MonotonicClock.microseconds >= wasRunning.builtAt + EncodedStream.retryInterval
        {
            avoided.insert(wasRunning.encoder.name)
            workshop.logger.warning(
                "an encoder failed and is replaced",
                metadata: ["encoder": "\(wasRunning.encoder.name)", "reason": "\(error)"])
        } else {
            avoided = []
            workshop.logger.error("no encoder can be had", metadata: ["reason": "\(error)"])
            stream.failed("\(error)")
            workshop.sink.failed(stream)
        }
    }

    // MARK: Adaptation

    /// Encodes one frame in `count`.
    private mutating func thin(by count: Int) {
        guard count != divisor else { return }
        divisor = count
        let rate = stream.framesPerSecond / Double(count)
        cadence.change(framesPerSecond: rate)
        let limit = count > 1 ? StreamLimit(framesPerSecond: rate, cause: control.cause) : nil
        stream.setLimit(limit)
        workshop.logger.info(
            limit == nil ? "A stream has all its frames again." : "A stream gives way with its frame rate.",
            metadata: [
                "stream": "\(stream.id)", "codec": "\(stream.codec)", "fps": "\(rate)",
                "because_of": "\(limit?.cause.rawValue ?? "nothing")",
            ])
    }

    private mutating func adapt(_ now: UInt64) {
        guard control.isDue(now: now) else { return }
        control.decide(stream.takeReports(), stream.takeDistribution(), isKept: stream.isKept, now: now)
        thin(by: control.rateDivisor)
        guard let running, control.bitsPerSecond != stream.targetBitrate else { return }
        if running.encoder.change(bitsPerSecond: control.bitsPerSecond) {
            stream.setTargetBitrate(control.bitsPerSecond)
        } else if now >= running.builtAt + Self.rebuildInterval,
            abs(control.bitsPerSecond - running.settings.bitsPerSecond) * 6 > running.settings.bitsPerSecond
        {
            self.running = nil
        }
    }
}

/// What live video is given by default.
enum VideoBitrate {
    /// A tenth of a bit a pixel: lines stay sharp, and a phone still takes it.
    static func usual(width: Int, height: Int, framesPerSecond: Double) -> Int {
        Int(Double(width * height) * framesPerSecond * 0.1)
    }
}
