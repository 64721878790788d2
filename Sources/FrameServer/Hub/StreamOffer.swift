public import FrameCodec
public import Handoff

/// A stream that viewers can choose: one encoder's output. The hub serves whatever is in its list of these.
public struct StreamOffer: Sendable {
    /// The number that the stream's frames carry.
    public var id: UInt16
    /// What viewers ask for, such as "jpeg" or "avc1.42E01F".
    public var codec: String
    /// What the stream's frames are.
    public var type: MediaType
    /// The encoder's name, such as "libturbojpeg".
    public var encoder: String
    /// Whether the encoder is more than software.
    public var isHardware: Bool
    /// Why this encoder and no better one, where there is something to say.
    public var reason: String?
    /// Counts the viewers who want frames now; the encoder rests while there are none.
    public var demand: Demand

    public init(
        id: UInt16, codec: String, type: MediaType, encoder: String, isHardware: Bool = false,
        reason: String? = nil, demand: Demand
    ) {
        self.id = id
        self.codec = codec
        self.type = type
        self.encoder = encoder
        self.isHardware = isHardware
        self.reason = reason
        self.demand = demand
    }

    /// JPEG by libturbojpeg.
    public static func jpeg(id: UInt16 = 0, demand: Demand) -> StreamOffer {
        StreamOffer(id: id, codec: "jpeg", type: .jpeg, encoder: "libturbojpeg", demand: demand)
    }

    /// Whether a viewer that asked for `codec` can be given this stream. Profiles and levels come after the point.
    func serves(_ codec: String) -> Bool {
        let asked = codec.lowercased().split(separator: ".").first
        return asked != nil && asked == self.codec.lowercased().split(separator: ".").first
    }
}
