/// What a healthy server keeps: the go/no-go criteria of operations.
public struct ServerLimits: Sendable {
    /// Messages a second of `/ws/metrics`, at least.
    public var metricsRate = 25.0
    /// How old a state may be when it arrives, and how long a ping may take, ms.
    public var latency = 100.0
    /// Frames a second that are drawn, at least.
    public var framesPerSecond = 30.0
    /// Of the frames that a viewer asks for, the share that has to arrive, at least.
    public var deliveredShare = 5.0 / 6

    public init() {}
}
