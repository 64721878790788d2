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
    /// What the stream's frames are in this epoch.
    public let format: StreamFormat
    /// Counts the frames of the stream: a frame that is no key frame needs the one with the number before it.
    public let chain: UInt64
    /// Whether decoding can begin with it.
    public var isKey: Bool { flags.contains(.key) }
    /// What encoding took, µs.
    public let encodeMicroseconds: UInt32
    /// Header and payload.
    public let message: ByteBuffer
    /// The payload alone; shares the storage of `message`.
    public let payload: ByteBuffer

    /// - Parameter message: `MediaHeader.length` bytes, which are filled in here, then the payload.
    public init(
        info: FrameInfo, type: MediaType, flags: MediaFlags, stream: UInt16, format: StreamFormat, chain: UInt64,
        encodeMicroseconds: UInt32, message: consuming ByteBuffer
    ) {
        let payloadLength = message.readableBytes - MediaHeader.length
        MediaHeader.write(
            into: &message, info: info, type: type, flags: flags, stream: stream, epoch: format.epoch,
            encodeMicroseconds: encodeMicroseconds, payloadLength: payloadLength)
        payload = message.getSlice(at: message.readerIndex + MediaHeader.length, length: payloadLength) ?? ByteBuffer()
        self.info = info
        self.type = type
        self.flags = flags
        self.stream = stream
        self.format = format
        self.chain = chain
        self.encodeMicroseconds = encodeMicroseconds
        self.message = message
    }
}

extension EncodedFrame {
    /// The same payload as a frame of another stream: a picture to look at until that stream's first own frame.
    public func addressed(to stream: UInt16, _ format: StreamFormat) -> EncodedFrame {
        EncodedFrame(
            info: info, type: type, flags: flags, stream: stream, format: format, chain: 0,
            encodeMicroseconds: encodeMicroseconds, message: message)
    }
}

/// Takes encoded frames for distribution. It does not know who publishes.
public protocol FrameSink: Sendable {
    /// Called from an encoder's thread; returns without waiting for anybody.
    func publish(_ frame: EncodedFrame)
    /// No encoder of a stream can be had: `EncodedStream.failure` tells why. Called like `publish`.
    func failed(_ stream: EncodedStream)
}
