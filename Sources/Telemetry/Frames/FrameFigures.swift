/// The stages of a frame's way.
public enum FrameStage: String, Sendable, CaseIterable {
    /// Drawing, until the device is done.
    case render
    /// Copying and converting the pixels for the processor.
    case readback
    /// Compressing.
    case encode
    /// Waiting for a viewer's socket.
    case queue
}

/// What is known of the frames at one moment.
public struct FrameFigures: Sendable {
    /// Frames rendered over the last second.
    public var renderedPerSecond = 0.0
    /// Frames encoded over the last second.
    public var encodedPerSecond = 0.0
    /// Frames handed to viewers over the last second, all viewers together.
    public var sentPerSecond = 0.0
    /// Milliseconds each stage took over the last five seconds.
    public var stages: [FrameStage: Percentiles] = [:]
    /// Milliseconds from the engine's sample to the viewer's socket over the last five seconds.
    public var latency = Percentiles()
    /// Milliseconds from a frame or ping to a viewer's answer over the last five seconds.
    public var roundTrip = Percentiles()
    /// Frames that were dropped since the start, by the reason.
    public var drops: [String: UInt64] = [:]
    /// Frames rendered since the start.
    public var renderedTotal: UInt64 = 0
    /// Frames encoded since the start.
    public var encodedTotal: UInt64 = 0
    /// Frames handed to viewers since the start, once for each viewer.
    public var sentTotal: UInt64 = 0
    /// The number of the newest rendered frame.
    public var newestSequence: UInt32 = 0
    /// Seconds since the newest frame was rendered; infinite before the first.
    public var newestAge = Double.infinity

    /// The figures before the first frame.
    public init() {}
}
