import Handoff
import PhiEngine
import PhiModel
import PhiRenderer

/// Draws frames on one thread while others encode and write those before.
struct RenderPipeline {
    let sink: any RenderSink
    /// How many frames there are.
    let count: Int
    let framesPerSecond: Int
    /// The time of the first frame, seconds.
    let start: Double
    let queue: FrameQueue

    /// Draws and writes all frames.
    /// - Throws: What went wrong first. Where the queue was stopped without an error, it just ends early.
    func run(renderer: sending FrameRenderer, source: sending any StateSource, content: FrameContent) async throws {
        let drawing = Drawing(renderer, source)
        await withTaskGroup { group in
            group.addTask {
                await onThread("draw") {
                    try draw(drawing, content)
                    queue.close()
                }
            }
            for _ in 0..<max(1, min(sink.writers, count)) { group.addTask { await onThread("write") { try write() } } }
        }
        try queue.check()
    }

    private func onThread(_ name: String, _ body: @escaping @Sendable () throws -> Void) async {
        do {
            try await DedicatedThread.run(name: name, stop: { [queue] in queue.stop() }, body)
        } catch {
            queue.stop(error)
        }
    }

    /// What the drawing thread takes over.
    ///
    /// `@unchecked Sendable`: made by `run`, which was sent both parts, and used by the drawing thread alone.
    private final class Drawing: @unchecked Sendable {
        let renderer: FrameRenderer
        let source: any StateSource

        init(_ renderer: FrameRenderer, _ source: any StateSource) {
            self.renderer = renderer
            self.source = source
        }
    }

    private func draw(_ drawing: Drawing, _ content: FrameContent) throws {
        let renderer = drawing.renderer
        var states = try StateSequence(drawing.source, start: start)
        var state = EngineState()
        var submitted = 0, finished = 0
        while finished < count {
            while submitted < count, renderer.pending < renderer.framesInFlight {
                guard queue.waitForRoom() else { break }
                guard let lease = renderer.pool.acquire() else { throw RendererError.allBuffersBusy }
                try states.state(at: start + Double(submitted) / Double(framesPerSecond), into: &state)
                var info = FrameInfo()
                info.sequence = UInt32(truncatingIfNeeded: submitted)
                info.presentationTime = MonotonicClock.microseconds
                info.stateSequence = UInt32(truncatingIfNeeded: state.frameID)
                try renderer.submit(state, content, info: info, lease: lease)
                submitted += 1
            }
            guard renderer.pending > 0 else { return }
            guard let lease = try renderer.finish() else { throw RendererError.allBuffersBusy }
            queue.put(DrawnPicture(index: finished, lease: lease))
            finished += 1
        }
    }

    private func write() throws {
        let writer = try sink.makeWriter()
        while try readNext(writer) {
            queue.release()
            try writer.write()
            queue.count()
        }
        if !queue.wasStopped { try writer.finish() }
    }

    /// Reads the next frame and gives its buffer back. False where there is none any more.
    private func readNext(_ writer: any FrameWriter) throws -> Bool {
        guard let frame = queue.take() else { return false }
        try writer.read(frame.lease.pixels, index: frame.index)
        return true
    }
}
