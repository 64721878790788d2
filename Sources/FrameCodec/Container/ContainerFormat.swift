/// A container of libavformat, and its options.
public struct ContainerFormat: Sendable, Equatable {
    /// The name in libavformat, such as "mp4" or "hls"; nil for what the target's ending tells.
    public var name: String?
    /// Options of the format and of the protocol, by libavformat's names.
    public var options: [String: String]

    public init(_ name: String? = nil, options: [String: String] = [:]) {
        self.name = name
        self.options = options
    }

    /// What the target's name tells.
    public static let guessed = ContainerFormat()

    /// An MP4 file with its index in front, for players that begin before they have all of it.
    public static let mp4 = ContainerFormat("mp4", options: ["movflags": "+faststart"])

    /// An MP4 file in fragments of half a second, each whole by itself: what is there opens, wherever writing ended.
    public static let fragmentedMP4 = ContainerFormat(
        "mp4",
        options: [
            "movflags": "+frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000",
            "flush_packets": "1",
        ])

    /// WebM, for VP8 and VP9.
    public static let webM = ContainerFormat("webm")
}
