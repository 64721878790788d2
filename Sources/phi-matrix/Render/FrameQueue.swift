import Foundation
import Handoff

/// A drawn frame on its way to those who write it.
final class DrawnPicture: Sendable {
    /// From 0.
    let index: Int
    let lease: FrameLease

    init(index: Int, lease: consuming FrameLease) {
        self.index = index
        self.lease = lease
    }
}

/// Hands frames from the thread that draws to those that write, and lets neither run away: drawing waits while too many
/// frames are held.
///
/// `@unchecked Sendable`: everything that changes is touched only with the condition's lock held.
final class FrameQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let limit: Int
    private var waiting: [DrawnPicture] = []
    /// Frames in `waiting` and those whose pixels are being read.
    private var held = 0
    private var isClosed = false
    private var isStopped = false
    private var written = 0
    private var failure: (any Error)?

    /// - Parameter limit: Frames that may be held at a time, > 0.
    init(limit: Int) { self.limit = limit }

    /// Waits until another frame may be drawn. False where none is wanted any more.
    func waitForRoom() -> Bool {
        locked {
            while held >= limit, !isStopped { condition.wait() }
            return !isStopped
        }
    }

    func put(_ frame: DrawnPicture) {
        locked {
            waiting.append(frame)
            held += 1
        }
    }

    /// Tells that the last frame was put.
    func close() { locked { isClosed = true } }

    /// The next frame, or nil where there is none any more.
    func take() -> DrawnPicture? {
        locked {
            while waiting.isEmpty, !isClosed, !isStopped { condition.wait() }
            return isStopped || waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    /// Tells that the pixels of a frame were read, and its buffer is free.
    func release() { locked { held -= 1 } }

    /// Tells that a frame was written.
    func count() { locked { written += 1 } }

    /// Ends everything early; a first error is kept.
    func stop(_ error: (any Error)? = nil) {
        locked {
            isStopped = true
            failure = failure ?? error
            waiting = []
        }
    }

    /// Frames that were written.
    var writtenCount: Int { locked { written } }

    /// Whether it ended before the last frame was written.
    var wasStopped: Bool { locked { isStopped } }

    /// Throws what went wrong first.
    func check() throws { if let failure = locked({ failure }) { throw failure } }

    private func locked<T>(_ body: () -> T) -> T {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }
}
