/// That a stream has fewer frames than it could, and why.
public struct StreamLimit: Sendable, Equatable {
    /// What gave way.
    public enum Cause: String, Sendable {
        /// The server has too much to do.
        case server
        /// A viewer's line takes no more.
        case viewers
    }

    /// Frames a second at present.
    public var framesPerSecond: Double
    /// What they are fewer for.
    public var cause: Cause
}
