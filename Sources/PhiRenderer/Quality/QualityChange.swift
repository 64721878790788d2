/// A change of the quality level, and why.
public struct QualityChange: BitwiseCopyable, Sendable, Equatable {
    /// Why the level changed.
    public enum Reason: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// Somebody chose it.
        case chosen
        /// Frames took longer than the frame rate allows.
        case overload
        /// There was time to spare for long enough.
        case headroom

        /// The name used on the wire and in metrics.
        public var name: String { "\(self)" }
    }

    /// 0 … 5.
    public var from: Int
    /// 0 … 5.
    public var to: Int
    /// Why it changed.
    public var reason: Reason
    /// What a frame cost at the time, ms.
    public var frameMilliseconds: Double

    public init(from: Int, to: Int, reason: Reason, frameMilliseconds: Double) {
        self.from = from
        self.to = to
        self.reason = reason
        self.frameMilliseconds = frameMilliseconds
    }
}
