/// What a video encoder is asked for.
public struct VideoSettings: Sendable, Equatable {
    /// What the video is for.
    public enum Purpose: Sendable, Equatable {
        /// Live: a constant bitrate, no delay, key frames on demand only.
        case live
        /// A file: constant quality, with a key frame every two seconds at least.
        case file
    }

    /// Pixels, even.
    public var width: Int
    /// Pixels, even.
    public var height: Int
    /// Frames a second.
    public var framesPerSecond: Int
    /// What a live stream may take.
    public var bitsPerSecond: Int
    /// What the video is for.
    public var purpose: Purpose
    /// Threads that one encoder may use.
    public var threads: Int
    /// Whether parameter sets go into the container alone and not into the stream.
    public var usesGlobalHeader: Bool

    /// - Parameters:
    ///   - width: Even, from 16.
    ///   - height: Even, from 16.
    ///   - framesPerSecond: 1…240.
    ///   - bitsPerSecond: For `live`.
    public init(
        width: Int, height: Int, framesPerSecond: Int, bitsPerSecond: Int = 6_000_000, purpose: Purpose = .live,
        threads: Int = 1, usesGlobalHeader: Bool = false
    ) {
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.bitsPerSecond = bitsPerSecond
        self.purpose = purpose
        self.threads = threads
        self.usesGlobalHeader = usesGlobalHeader
    }
}
