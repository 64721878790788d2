import Handoff
import Logging
import NIOCore

/// Encodes a stream of JPEG: every frame by itself, as many a second as the most demanding viewer wants.
struct JPEGWorker: StreamWorker {
    private let stream: EncodedStream
    private let pictures: TierPictures
    private let workshop: StreamWorkshop
    private var encoder: JPEGEncoder?
    private var format: StreamFormat?
    private var cadence: Cadence
    private var rate = 0.0
    private var chain: UInt64 = 0

    init(_ stream: EncodedStream, _ pictures: TierPictures, _ workshop: StreamWorkshop) {
        self.stream = stream
        self.pictures = pictures
        self.workshop = workshop
        cadence = Cadence(framesPerSecond: stream.framesPerSecond)
    }

    mutating func rest() {
        encoder = nil
        format = nil
        stream.rested()
    }

    mutating func encode(_ lease: consuming FrameLease) {
        let info = lease.info
        let wanted = stream.wantedRate
        guard wanted > 0 else { return }
        if wanted != rate {
            rate = wanted
            cadence.change(framesPerSecond: wanted)
        }
        // Where somebody wants every frame, no frame is left out for having come a little early.
        guard wanted >= stream.framesPerSecond || cadence.takes(info.presentationTime) else { return }
        do {
            try pictures.withPixels(lease) { pixels, width, height in
                try publish(pixels, width: width, height: height, info)
            }
        } catch {
            // One bad frame must not end the stream.
            workshop.logger.warning("a frame was not encoded", metadata: ["reason": "\(error)"])
        }
    }

    private mutating func publish(
        _ pixels: UnsafeRawBufferPointer, width: Int, height: Int, _ info: FrameInfo
    ) throws {
        let started = MonotonicClock.microseconds
        let format = try prepare(width: width, height: height)
        guard let message = try encoder?.encode(pixels, { ByteBuffer(mediaPayload: $0) }) else { return }
        let elapsed = UInt32(clamping: MonotonicClock.microseconds - started)
        var info = info
        (info.width, info.height) = (width, height)
        chain += 1
        workshop.sink.publish(
            EncodedFrame(
                info: info, type: .jpeg, flags: .key, stream: stream.id, format: format, chain: chain,
                encodeMicroseconds: max(elapsed, 1), message: message))
    }

    private mutating func prepare(width: Int, height: Int) throws -> StreamFormat {
        if let format, encoder != nil, format.width == width, format.height == height { return format }
        encoder = try JPEGEncoder(width: width, height: height)
        let new = StreamFormat(
            epoch: workshop.epochs.next(), codec: stream.codec, width: width, height: height,
            framesPerSecond: stream.framesPerSecond, encoder: JPEGEncoder.name)
        format = new
        stream.changed(to: new)
        return new
    }
}
