import Foundation

/// What ffprobe makes of a video file, or of a playlist that is being written.
public struct MediaProbe: Sendable {
    public let codec: String
    /// Seconds.
    public let duration: Double
    public let frames: Int
    /// Average frames a second.
    public let rate: Double
    public let width: Int
    public let height: Int
    /// Range, matrix, transfer, primaries.
    public let colors: [String]

    /// Decodes the whole video.
    public init(_ path: String) async throws {
        let program = try Programs.find(
            ["ffprobe"], advice: "ffprobe is missing: install it with “apt-get install ffmpeg”.")
        let outcome = try await ChildProcess(
            program,
            [
                "-v", "error", "-count_frames", "-select_streams", "v:0", "-of", "json", "-show_entries",
                "format=duration:stream=codec_name,width,height,nb_read_frames,avg_frame_rate,color_range,color_space,"
                    + "color_transfer,color_primaries", path,
            ]
        ).finished(within: .seconds(30))
        let document = try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
        guard let stream = (document?["streams"] as? [[String: Any]])?.first else {
            throw Trouble("\(path) holds no video: \(outcome.errors)")
        }
        func text(_ key: String) -> String { stream[key] as? String ?? "none" }
        codec = text("codec_name")
        width = stream["width"] as? Int ?? 0
        height = stream["height"] as? Int ?? 0
        frames = Int(text("nb_read_frames")) ?? 0
        let fraction = text("avg_frame_rate").split(separator: "/").compactMap { Double($0) }
        rate = fraction.count == 2 && fraction[1] > 0 ? fraction[0] / fraction[1] : 0
        let format = document?["format"] as? [String: Any]
        duration = (format?["duration"] as? String).flatMap(Double.init) ?? -1
        colors = ["color_range", "color_space", "color_transfer", "color_primaries"].map(text)
    }
}
