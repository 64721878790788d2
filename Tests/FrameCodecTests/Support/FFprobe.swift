import Foundation
import Testing

/// What another program makes of a file.
enum FFprobe {
    /// A video stream.
    struct Video: Equatable {
        var codec = ""
        var profile = ""
        var format = ""
        /// Seconds of the whole file.
        var duration = 0.0
        var start = 0.0
        var frames = 0
        /// Average frames a second, as a fraction.
        var rate = ""
        /// Range, matrix, transfer, primaries.
        var colors: [String] = []
    }

    static func video(_ path: String) throws -> Video {
        let text = try run([
            "-v", "error", "-count_frames", "-select_streams", "v:0", "-of", "json", "-show_entries",
            "format=duration:stream=codec_name,profile,pix_fmt,start_time,nb_read_frames,avg_frame_rate,color_range,"
                + "color_space,color_transfer,color_primaries", path,
        ])
        struct Document: Decodable {
            struct Stream: Decodable {
                var codec_name, profile, pix_fmt, start_time, nb_read_frames, avg_frame_rate: String?
                var color_range, color_space, color_transfer, color_primaries: String?
            }
            struct Format: Decodable { var duration: String? }
            var streams: [Stream]
            var format: Format
        }
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        let stream = try #require(document.streams.first)
        return Video(
            codec: stream.codec_name ?? "", profile: stream.profile ?? "", format: stream.pix_fmt ?? "",
            duration: document.format.duration.flatMap(Double.init) ?? -1,
            start: stream.start_time.flatMap(Double.init) ?? -1, frames: stream.nb_read_frames.flatMap(Int.init) ?? 0,
            rate: stream.avg_frame_rate ?? "",
            colors: [stream.color_range, stream.color_space, stream.color_transfer, stream.color_primaries].map {
                $0 ?? "none"
            })
    }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["ffprobe"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }
}
