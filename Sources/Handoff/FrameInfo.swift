/// What is known of a rendered frame beside its pixels.
public struct FrameInfo: BitwiseCopyable, Sendable {
    /// The frame's number; grows strictly, with gaps where frames were skipped.
    public var sequence: UInt32 = 0
    /// When rendering began: µs of the monotonic clock.
    public var presentationTime: UInt64 = 0
    /// Recording and rasterising, µs.
    public var renderMicroseconds: UInt32 = 0
    /// Copying to host memory, µs.
    public var readbackMicroseconds: UInt32 = 0
    /// Pixels.
    public var width = 0
    /// Pixels.
    public var height = 0
    /// The number of the engine sample that was drawn.
    public var stateSequence: UInt32 = 0
    /// When that sample was taken: µs of the monotonic clock.
    public var stateTime: UInt64 = 0

    public init() {}
}
