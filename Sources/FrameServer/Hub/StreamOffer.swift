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
    /// The encoder's name, such as "libjpeg-turbo".
    public var encoder: String
    /// Whether the encoder is more than software.
    public var isHardware: Bool
    /// Why this encoder and no better one, where there is something to say.
    public var reason: String?
    /// Counts the viewers who want frames now; the encoder rests while there are none.
    public var demand: Demand

    /// A stream; its `id` must be the one that its frames carry.
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

    /// JPEG by libjpeg-turbo.
    public static func jpeg(id: UInt16 = 0, demand: Demand) -> StreamOffer {
        StreamOffer(id: id, codec: "jpeg", type: .jpeg, encoder: JPEGStream.encoderName, demand: demand)
    }

    /// Whether a viewer that asked for `codec` can be given this stream. Profiles and levels come after the point.
    func serves(_ codec: String) -> Bool {
        let (asked, mine) = (Self.family(codec), Self.family(self.codec))
        return !asked.isEmpty && asked.elementsEqual(mine) { Self.lowercased($0) == Self.lowercased($1) }
    }

    /// Lazy and in place: viewers name codecs as often and at such length as they like.
    private static func family(_ codec: String) -> LazyPrefixWhileCollection<String.UTF8View> {
        codec.utf8.lazy.prefix { $0 != UInt8(ascii: ".") }
    }

    private static func lowercased(_ letter: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= letter ? letter | 0x20 : letter
    }
}
