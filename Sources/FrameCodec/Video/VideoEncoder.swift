/// What an encoder made of one picture.
public struct VideoPacket: Sendable {
    /// The bytes: Annex B for H.264, a whole frame for VP8 and VP9.
    public let bytes: [UInt8]
    /// Whether decoding can begin here.
    public let isKey: Bool
    /// The number that the picture was given to the encoder with.
    public let index: Int64
    /// The place in decoding order, in the unit of `index`; differs from it only where pictures are reordered.
    public let decodingIndex: Int64
}

/// Turns pictures into video. Owned by one thread at a time.
public protocol VideoEncoder: AnyObject {
    /// The encoder's name, such as "libx264".
    var name: String { get }
    /// Whether it is more than software.
    var isHardware: Bool { get }
    /// Parameter sets for a container, where `VideoSettings.usesGlobalHeader` asked for them; else empty.
    var header: [UInt8] { get }

    /// Encodes a picture; nil drains what is left at the end.
    /// - Parameters:
    ///   - index: Its number; grows with each call.
    ///   - isKeyWanted: Whether decoding has to be able to begin here.
    /// - Returns: What is done; a live encoder returns the packet of this picture.
    func encode(_ picture: PlanarPicture?, index: Int64, isKeyWanted: Bool) throws(CodecError) -> [VideoPacket]

    /// Another bitrate from the next picture on. False where the encoder has to be built anew for it.
    func change(bitsPerSecond: Int) -> Bool
}
