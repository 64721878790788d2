/// What the frames of a stream are for as long as its epoch lasts; viewers are told before the first of them.
public struct StreamFormat: Sendable, Equatable {
    /// Differs from that of every earlier format of any stream of this process.
    public let epoch: UInt32
    /// The codec string of RFC 6381 such as "avc1.42C01F", or "jpeg".
    public let codec: String
    /// Pixels.
    public let width: Int
    /// Pixels.
    public let height: Int
    /// Frames a second, at most.
    public let framesPerSecond: Double
    /// The encoder's name, such as "libx264".
    public let encoder: String
    /// Whether the encoder is more than software.
    public let isHardware: Bool
    /// Why this encoder and no better one, where there is something to say.
    public let reason: String?

    /// The format of a new epoch.
    public init(
        epoch: UInt32, codec: String, width: Int, height: Int, framesPerSecond: Double, encoder: String,
        isHardware: Bool = false, reason: String? = nil
    ) {
        self.epoch = epoch
        self.codec = codec
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.encoder = encoder
        self.isHardware = isHardware
        self.reason = reason
    }
}
