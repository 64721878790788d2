import Foundation

/// What ffprobe makes of a video file, or of a playlist that is being written.
public struct MediaProbe: Sendable {
    /// The first track of sound.
    public struct Sound: Sendable {
        public let codec: String
        /// Samples a second.
        public let rate: Int
        public let channels: Int
    }

    public let codec: String
    /// Seconds.
    public let duration: Double
    /// When the first picture is shown, seconds.
    public let start: Double
    public let frames: Int
    /// Average frames a second.
    public let rate: Double
    public let width: Int
    public let height: Int
    public let pixelFormat: String
    /// Range, matrix, transfer, primaries.
    public let colors: [String]
    /// Nil where there is none.
    public let sound: Sound?

    /// Decodes the whole file.
    public init(_ path: String) async throws {
        let program = try Programs.find(
            ["ffprobe"], advice: "ffprobe is missing: install it with “apt-get install ffmpeg”.")
        let outcome = try await ChildProcess(
            program,
            [
                "-v", "error", "-count_frames", "-of", "json", "-show_entries",
                "format=duration:stream=codec_type,codec_name,width,height,pix_fmt,start_time,nb_read_frames,avg_frame_rate,"
                    + "color_range,color_space,color_transfer,color_primaries,sample_rate,channels", path,
            ]
        ).finished(within: .seconds(60))
        let document = try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
        let streams = document?["streams"] as? [[String: Any]] ?? []
        guard let stream = streams.first(where: { $0["codec_type"] as? String == "video" }) else {
            throw Trouble("\(path) holds no video: \(outcome.errors)")
        }
        func text(_ key: String) -> String { stream[key] as? String ?? "none" }
        codec = text("codec_name")
        width = stream["width"] as? Int ?? 0
        height = stream["height"] as? Int ?? 0
        pixelFormat = text("pix_fmt")
        start = Double(text("start_time")) ?? -1
        frames = Int(text("nb_read_frames")) ?? 0
        let fraction = text("avg_frame_rate").split(separator: "/").compactMap { Double($0) }
        rate = fraction.count == 2 && fraction[1] > 0 ? fraction[0] / fraction[1] : 0
        let format = document?["format"] as? [String: Any]
        duration = (format?["duration"] as? String).flatMap(Double.init) ?? -1
        colors = ["color_range", "color_space", "color_transfer", "color_primaries"].map(text)
        sound = streams.first { $0["codec_type"] as? String == "audio" }.map {
            Sound(
                codec: $0["codec_name"] as? String ?? "none",
                rate: ($0["sample_rate"] as? String).flatMap(Int.init) ?? 0,
                channels: $0["channels"] as? Int ?? 0)
        }
    }
}
