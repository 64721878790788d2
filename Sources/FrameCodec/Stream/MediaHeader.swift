import Handoff
import NIOCore

/// The binary header of contract §4.4: big-endian, 48 bytes.
public enum MediaHeader {
    /// Bytes; a later version may append fields.
    public static let length = 48
    /// The first byte of every media message.
    public static let magic: UInt8 = 0x56
    /// The second byte.
    public static let version: UInt8 = 1

    /// Where the flags lie, bytes from the start.
    public static let flagsOffset = 3

    /// Overwrites the first 48 readable bytes of `buffer`.
    static func write(
        into buffer: inout ByteBuffer, info: FrameInfo, type: MediaType, flags: MediaFlags, stream: UInt16,
        epoch: UInt32, encodeMicroseconds: UInt32, payloadLength: Int
    ) {
        let start = buffer.readerIndex
        buffer.setInteger(magic, at: start)
        buffer.setInteger(version, at: start + 1)
        buffer.setInteger(type.rawValue, at: start + 2)
        buffer.setInteger(flags.rawValue, at: start + flagsOffset)
        buffer.setInteger(UInt16(length), at: start + 4)
        buffer.setInteger(stream, at: start + 6)
        buffer.setInteger(epoch, at: start + 8)
        buffer.setInteger(info.sequence, at: start + 12)
        buffer.setInteger(info.presentationTime, at: start + 16)
        buffer.setInteger(info.renderMicroseconds, at: start + 24)
        buffer.setInteger(info.readbackMicroseconds, at: start + 28)
        buffer.setInteger(encodeMicroseconds, at: start + 32)
        buffer.setInteger(UInt16(clamping: info.width), at: start + 36)
        buffer.setInteger(UInt16(clamping: info.height), at: start + 38)
        buffer.setInteger(UInt32(clamping: payloadLength), at: start + 40)
        buffer.setInteger(info.stateSequence, at: start + 44)
    }
}
