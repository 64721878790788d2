import Handoff
import PhiModel

extension FrameRenderer {
    /// Draws one state and calls `body` with the finished picture.
    public func renderStill<R>(
        _ state: borrowing EngineState, _ content: FrameContent, _ body: (borrowing FrameLease) throws -> R
    ) throws -> R {
        var info = FrameInfo()
        info.presentationTime = MonotonicClock.microseconds
        info.stateSequence = UInt32(truncatingIfNeeded: state.frameID)
        guard let lease = pool.acquire() else { throw RendererError.allBuffersBusy }
        try submit(state, content, info: info, lease: lease)
        guard let finished = try finish() else { throw RendererError.allBuffersBusy }
        return try body(finished)
    }
}
