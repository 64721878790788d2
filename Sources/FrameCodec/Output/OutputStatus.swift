/// How a live output fares.
public struct OutputStatus: Sendable, Equatable {
    /// What it does.
    public enum State: String, Sendable {
        /// It has not come through yet, and not failed either.
        case connecting
        /// Frames go out.
        case up
        /// They do not; it is tried again.
        case down
        /// It has ended with the program.
        case ended
    }

    /// Where it goes, without secrets.
    public var target: String
    /// What it does.
    public var state: State
    /// Why it is down; nil where it is not.
    public var reason: String?
    /// Frames that went out since the start.
    public var frames: UInt64
    /// Since when it is in this state: Unix seconds.
    public var since: Double

    public init(target: String, state: State, reason: String?, frames: UInt64, since: Double) {
        self.target = target
        self.state = state
        self.reason = reason
        self.frames = frames
        self.since = since
    }
}
