/// How frames of a stream were handed to viewers.
struct Distribution: Sendable, Equatable {
    private var microseconds = 0.0
    private var frames = 0
    /// Whether a frame waited for the server: it has too much to do.
    private(set) var isLate = false

    /// What an event loop spends on a frame, µs: the mean.
    var microsecondsPerFrame: Double { frames == 0 ? 0 : microseconds / Double(frames) }

    /// A loop has handed out a frame.
    mutating func add(microseconds: UInt64, isLate: Bool) {
        self.microseconds += Double(microseconds)
        frames += 1
        if isLate { self.isLate = true }
    }
}
