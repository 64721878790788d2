import Handoff
import NIOCore

/// What the payload of a media message is (contract §4.4, header offset 2).
public enum MediaType: UInt8, Sendable {
    case video = 1
    case jpeg = 2
    case png = 3
}

/// The flags of a media message (contract §4.4, header offset 3).
public struct MediaFlags: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Decodable without any earlier frame.
    public static let key = MediaFlags(rawValue: 1)
    /// Frames are missing before this one.
    public static let discontinuity = MediaFlags(rawValue: 2)
    /// The same picture as the frame before.
    public static let `repeat` = MediaFlags(rawValue: 4)
}

/// One encoded frame as viewers get it: a 48-byte header and the payload in one buffer that everybody shares.
public struct EncodedFrame: Sendable {
    /// Number, times and size of the frame that was encoded.
    public let info: FrameInfo
    /// What the payload is.
    public let type: MediaType
    /// How the payload relates to earlier frames.
    public let flags: MediaFlags
    /// The stream that it belongs to, as viewers are offered it.
    public let stream: UInt16
    /// Counts up whenever codec, size or preset of the stream change.
    public let epoch: UInt32
    /// What encoding took, µs.
    public let encodeMicroseconds: UInt32
    /// Header and payload.
    public let message: ByteBuffer
    /// The payload alone; shares the storage of `message`.
    public let payload: ByteBuffer

    /// - Parameter message: `MediaHeader.length` bytes, which are filled in here, then the payload.
    public init(
        info: FrameInfo, type: MediaType, flags: MediaFlags, stream: UInt16, epoch: UInt32,
        encodeMicroseconds: UInt32, message: consuming ByteBuffer
    ) {
        let payloadLength = message.readableBytes - MediaHeader.length
        MediaHeader.write(
            into: &message, info: info, type: type, flags: flags, stream: stream, epoch: epoch,
            encodeMicroseconds: encodeMicroseconds, payloadLength: payloadLength)
        payload = message.getSlice(at: message.readerIndex + MediaHeader.length, length: payloadLength) ?? ByteBuffer()
        self.info = info
        self.type = type
        self.flags = flags
        self.stream = stream
        self.epoch = epoch
        self.encodeMicroseconds = encodeMicroseconds
        self.message = message
    }
}

/// Takes encoded frames for distribution. It does not know who publishes.
public protocol FrameSink: Sendable {
    /// Called from an encoder's thread; returns without waiting for anybody.
    func publish(_ frame: EncodedFrame)
}
