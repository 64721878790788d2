import Foundation

/// Runs the ffmpeg program, which is somebody else's opinion of what a file holds.
public enum FFmpeg {
    public static func start(_ arguments: [String]) throws -> ChildProcess {
        let program = try Programs.find(
            ["ffmpeg"], advice: "ffmpeg is missing: install it with “apt-get install ffmpeg”.")
        return try ChildProcess(program, ["-nostdin", "-v", "error", "-y"] + arguments)
    }

    /// Runs it to its end and returns what it printed.
    @discardableResult
    public static func run(_ arguments: [String]) async throws -> Data {
        let outcome = try await start(arguments).finished(within: .seconds(120))
        guard outcome.status == 0 else {
            throw Trouble("ffmpeg \(arguments.joined(separator: " ")): \(outcome.errors)")
        }
        return outcome.output
    }

    /// The pictures of a file, each as RGB of 8 bits a component; a video's by its colour tags.
    /// - Parameters:
    ///   - size: In pixels, of a picture.
    ///   - matrix: Of a video's colours, in place of what its stream says.
    public static func pictures(
        of path: String, size: (width: Int, height: Int), matrix: String = "auto"
    ) async throws -> [Data] {
        let all = try await run([
            "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf",
            "scale=in_color_matrix=\(matrix):flags=accurate_rnd+full_chroma_int+bilinear", "-f", "rawvideo", "-pix_fmt",
            "rgb24", "-",
        ])
        let length = size.width * size.height * 3
        guard all.count % length == 0 else { throw Trouble("The pictures of \(path) are not \(size).") }
        return stride(from: 0, to: all.count, by: length).map { Data(all[$0..<($0 + length)]) }
    }

    /// The sound of a file as it is heard from time 0 of the file on: mono, 48,000 samples a second.
    public static func sound(of path: String) async throws -> [Float] {
        let bytes = try await run([
            "-copyts", "-i", path, "-map", "0:a:0", "-af", "aresample=48000:async=1:first_pts=0", "-ac", "1", "-f",
            "f32le", "-",
        ])
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
}
