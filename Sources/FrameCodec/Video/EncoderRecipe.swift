import CFFmpeg

/// One of libavcodec's encoders, and what makes it fast or good.
struct EncoderRecipe: Sendable {
    /// The name in libavcodec, such as "libx264".
    let name: String
    let codec: VideoCodec
    /// Whether it is more than software.
    let isHardware: Bool
    /// Whether another bitrate takes effect while it runs; otherwise it is built anew.
    let takesBitrate: Bool
    /// Whether frames are handed over in the memory of a VA-API device.
    let needsVAAPI: Bool
    private let live: @Sendable (VideoSettings) -> [(String, String)]
    private let file: @Sendable (VideoSettings) -> [(String, String)]

    /// What it means that it cannot be opened, where libavcodec's own words tell nobody anything.
    var refusal: String? {
        name.hasSuffix("_nvenc") ? "no NVIDIA GPU with an encoder, or no driver for it" : nil
    }

    /// libavcodec's options for a purpose.
    func options(_ settings: VideoSettings) -> [(String, String)] {
        settings.purpose == .live ? live(settings) : file(settings)
    }

    /// The encoders of a codec, in the order in which they are tried.
    static func of(_ codec: VideoCodec) -> [EncoderRecipe] { all.filter { $0.codec == codec } }

    private static let all: [EncoderRecipe] = [
        EncoderRecipe(
            name: "h264_nvenc", codec: .h264, isHardware: true, takesBitrate: true, needsVAAPI: false,
            live: { _ in
                [
                    ("preset", "p2"), ("tune", "ull"), ("rc", "cbr"), ("zerolatency", "1"), ("delay", "0"),
                    ("rc-lookahead", "0"), ("forced-idr", "1"), ("profile", "baseline"), ("bf", "0"),
                    ("strict_gop", "1"), ("no-scenecut", "1"),
                ]
            },
            file: { _ in [("preset", "p5"), ("tune", "hq"), ("rc", "vbr"), ("cq", "19"), ("profile", "high")] }),
        EncoderRecipe(
            name: "h264_vaapi", codec: .h264, isHardware: true, takesBitrate: false, needsVAAPI: true,
            live: { _ in
                [("profile", "constrained_baseline"), ("rc_mode", "CBR"), ("async_depth", "1"), ("bf", "0")]
            },
            file: { _ in [("profile", "high"), ("rc_mode", "CQP"), ("qp", "20")] }),
        EncoderRecipe(
            name: "libx264", codec: .h264, isHardware: false, takesBitrate: true, needsVAAPI: false,
            live: { settings in
                // What zerolatency sets by itself (no look-ahead, no reordering, slices over threads) is not repeated.
                [
                    ("preset", "ultrafast"), ("tune", "zerolatency"), ("profile", "baseline"), ("forced-idr", "1"),
                    (
                        "x264-params",
                        "keyint=infinite:scenecut=0:force-cfr=1:repeat-headers=1:slices=\(min(settings.threads, 2))"
                    ),
                ]
            },
            file: { _ in [("preset", "faster"), ("crf", "16"), ("profile", "high")] }),
        EncoderRecipe(
            name: "libvpx-vp9", codec: .vp9, isHardware: false, takesBitrate: false, needsVAAPI: false,
            live: { _ in
                [
                    ("deadline", "realtime"), ("cpu-used", "8"), ("lag-in-frames", "0"), ("row-mt", "1"),
                    ("tile-columns", "1"), ("aq-mode", "3"), ("error-resilient", "0"), ("auto-alt-ref", "0"),
                ]
            },
            file: { _ in [("deadline", "realtime"), ("cpu-used", "5"), ("crf", "24"), ("b", "0"), ("row-mt", "1")] }),
        EncoderRecipe(
            name: "libvpx", codec: .vp8, isHardware: false, takesBitrate: false, needsVAAPI: false,
            live: { _ in
                [
                    ("deadline", "realtime"), ("cpu-used", "-12"), ("lag-in-frames", "0"), ("error-resilient", "0"),
                    ("auto-alt-ref", "0"),
                ]
            },
            file: { _ in [("deadline", "good"), ("cpu-used", "2"), ("crf", "8"), ("b", "20M")] }),
    ]
}
