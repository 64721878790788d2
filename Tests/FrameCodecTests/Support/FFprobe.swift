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
                var codecName, profile, pixFmt, startTime, nbReadFrames, avgFrameRate: String?
                var colorRange, colorSpace, colorTransfer, colorPrimaries: String?
            }
            struct Format: Decodable { var duration: String? }
            var streams: [Stream]
            var format: Format
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let document = try decoder.decode(Document.self, from: Data(text.utf8))
        let stream = try #require(document.streams.first)
        return Video(
            codec: stream.codecName ?? "", profile: stream.profile ?? "", format: stream.pixFmt ?? "",
            duration: document.format.duration.flatMap(Double.init) ?? -1,
            start: stream.startTime.flatMap(Double.init) ?? -1, frames: stream.nbReadFrames.flatMap(Int.init) ?? 0,
            rate: stream.avgFrameRate ?? "",
            colors: [stream.colorRange, stream.colorSpace, stream.colorTransfer, stream.colorPrimaries].map {
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
