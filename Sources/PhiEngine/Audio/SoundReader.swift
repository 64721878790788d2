/// The sound that the audio engine hears, for those who want to play or to keep it: the same samples at the same times.
///
/// Belongs to one thread.
public final class SoundReader {
    /// Samples a second of each channel, Hz.
    public static let sampleRate = AudioFileReader.sampleRate
    /// Left and right.
    public static let channels = 2

    private let reader: AudioFileReader

    /// Opens the file and decodes its beginning.
    ///
    /// - Parameter start: Samples that are left out at the beginning, ≥ 0.
    /// - Throws: `EngineError` where the file cannot be played.
    public convenience init(path: String, start: Int = 0) throws {
        try self.init(AudioOptions(path: path), start: start)
    }

    /// - Parameter start: Samples that are left out after those that the options leave out, ≥ 0.
    /// - Throws: `EngineError` where the file cannot be played.
    public init(_ options: AudioOptions, start: Int = 0) throws {
        reader = try AudioFileReader(
            path: options.path, channels: Self.channels, shortestPass: AudioSource.hop, playback: options.playback)
        var left = start
        var block = [Float](repeating: 0, count: 4_096 * Self.channels)
        while left > 0 {
            let count = min(left, 4_096)
            try block.withUnsafeMutableBufferPointer {
                try reader.read(into: UnsafeMutableBufferPointer(rebasing: $0[..<(count * Self.channels)]))
            }
            left -= count
        }
    }

    /// Fills `samples` with what comes next, ±1 at full scale, left and right in turn. The file begins again at its end.
    public func read(into samples: UnsafeMutableBufferPointer<Float>) throws { try reader.read(into: samples) }

    /// How long it plays until its end, s, by decoding all of it.
    ///
    /// - Throws: `EngineError` where the file cannot be played.
    public static func seconds(_ options: AudioOptions) throws -> Double {
        let whole = Double(try length(path: options.path)) / Double(sampleRate)
        return max(0, whole - options.playback.start) / options.playback.speed
    }

    /// How many samples of each channel a file has, by decoding all of it.
    ///
    /// - Throws: `EngineError` where the file cannot be played.
    public static func length(path: String) throws -> Int {
        let reader = try AudioFileReader(path: path, shortestPass: AudioSource.hop)
        var block = [Float](repeating: 0, count: 16_384)
        while true {
            if let length = reader.length { return length }
            try block.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
        }
    }
}
