import PhiModel

/// What a frame was drawn from: left with the frame, so that somebody else can draw it again and compare.
public struct DrawnFrame: BitwiseCopyable, Sendable {
    /// The state, interpolated to the frame's time.
    public var state: EngineState
    /// What was to be shown.
    public var content: FrameContent

    /// Reads what a renderer left with a frame; nil where it is nothing of the kind.
    public init?(attachment: [UInt8]) {
        guard attachment.count == MemoryLayout<Self>.size else { return nil }
        self = attachment.withUnsafeBytes { $0.loadUnaligned(as: Self.self) }
    }

    init(_ state: borrowing EngineState, _ content: FrameContent) {
        self.state = copy state
        self.content = content
    }
}
