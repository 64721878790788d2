public import FrameCodec

/// Where the picture goes beside the viewers. The command line connects it.
public protocol OutputPort: Sendable {
    /// How the outputs fare, in the order in which they were given.
    var outputs: [OutputStatus] { get }
}
