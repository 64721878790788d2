import Handoff
import NIOCore

@testable import FrameCodec

/// Makes the frames of one stream as an encoder does, without a picture in them: only while somebody wants them, a key
/// frame first and on request, half a second after the last at the soonest.
struct SimulatedEncoder {
    let stream: EncodedStream
    /// One frame in so many that are drawn.
    let divisor: UInt32
    private var format: StreamFormat?
    private var chain: UInt64 = 0
    private var keyAt: UInt64 = 0
    private var unwantedSince: UInt64?
    private var scale = 1

    init(_ stream: EncodedStream, divisor: UInt32 = 1) {
        self.stream = stream
        self.divisor = divisor
    }

    /// The next frame is of another size.
    mutating func resize() {
        format = nil
        scale = 3 - scale
    }

    /// The frame of a picture that was drawn; nil where nobody wants it.
    mutating func encode(_ sequence: UInt32, now: UInt64, epoch: inout UInt32) -> EncodedFrame? {
        guard stream.demand.isWanted else {
            if now >= (unwantedSince ?? now) + 5_000_000 {
                format = nil
                stream.rested()
            }
            unwantedSince = unwantedSince ?? now
            return nil
        }
        unwantedSince = nil
        guard sequence % divisor == 0 else { return nil }
        chain += 1
        var flags: MediaFlags = []
        if format == nil {
            epoch += 1
            flags = stream.isVideo && chain > 1 ? [.key, .discontinuity] : .key
            let new = StreamFormat(
                epoch: epoch, codec: stream.codec, width: stream.width / scale, height: stream.height / scale,
                framesPerSecond: stream.framesPerSecond, encoder: "simulated")
            format = new
            stream.changed(to: new)
        } else if !stream.isVideo || stream.isKeyRequested && now >= keyAt + 500_000 {
            flags = .key
        }
        if flags.contains(.key) {
            stream.keyTaken()
            keyAt = now
        }
        guard let format else { return nil }
        return makeFrame(sequence, at: now, flags: flags, format: format, chain: chain)
    }

    /// The payload is the place in the chain.
    private func makeFrame(
        _ sequence: UInt32, at now: UInt64, flags: MediaFlags, format: StreamFormat, chain: UInt64
    ) -> EncodedFrame {
        var info = FrameInfo()
        info.sequence = sequence
        info.presentationTime = now
        (info.width, info.height) = (format.width, format.height)
        var message = ByteBuffer(repeating: 0, count: MediaHeader.length)
        message.writeInteger(chain)
        return EncodedFrame(
            info: info, type: stream.type, flags: flags, stream: stream.id, format: format, chain: chain,
            encodeMicroseconds: 1_000, message: message)
    }
}
