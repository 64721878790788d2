/// The cadence of frames: absolute deadlines, one every 1/fps seconds from a fixed start, so that no error adds up.
struct FrameClock {
    private let start: UInt64
    private let fps: UInt64
    private(set) var frame: UInt64 = 0

    /// - Parameters:
    ///   - start: When frame 0 is due: ns of the monotonic clock.
    ///   - fps: Frames a second.
    init(start: UInt64, fps: Int) {
        self.start = start
        self.fps = UInt64(max(fps, 1))
    }

    /// When the current frame is due: ns of the monotonic clock.
    var deadline: UInt64 { start + frame * 1_000_000_000 / fps }

    /// Moves on to the next frame that is not over yet at `now`, and returns how many were passed over.
    mutating func advance(now: UInt64) -> UInt64 {
        let due = frame + 1
        let current = now > start ? (now - start) * fps / 1_000_000_000 : 0
        frame = max(due, current)
        return frame - due
    }
}
