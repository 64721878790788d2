import Handoff

/// What became of a frame, told by the render thread to whoever keeps statistics.
public struct FrameEvent: BitwiseCopyable, Sendable {
    /// The fate of a frame.
    public enum Outcome: UInt8, BitwiseCopyable, Sendable {
        /// It was drawn.
        case rendered
        /// Its deadline had passed before it could begin; `count` frames were skipped.
        case late
        /// It was drawn, but every read-back buffer was still being read.
        case noBuffer
    }

    /// What became of it.
    public var outcome: Outcome
    /// How many frames it speaks of.
    public var count: UInt32
    /// Times and size, where it was rendered.
    public var info: FrameInfo

    public init(outcome: Outcome, count: UInt32 = 1, info: FrameInfo = FrameInfo()) {
        self.outcome = outcome
        self.count = count
        self.info = info
    }
}
