import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import VulkanKit

/// Draws the newest state at a fixed cadence on a thread of its own, and offers the pictures to whoever wants them.
///
/// `@unchecked Sendable`: the renderer is touched by `run`'s one thread alone; everything else is Sendable by itself.
///
/// A device that is lost is replaced by another while the loop goes on: numbers and time of the frames do as well.
public final class RenderLoop: Service, @unchecked Sendable {
    /// Sets a renderer up in the place of one whose device was lost, with its pool.
    public typealias Revival = @Sendable (FramePool) throws -> sending FrameRenderer

    /// Between two attempts to set a device up, ns.
    private static let pauses: ClosedRange<UInt64> = 250_000_000...8_000_000_000

    /// Nil while there is no device.
    private var renderer: FrameRenderer?
    private let pool: FramePool
    private let revive: Revival?
    private let states: TripleBuffer<TimedState>
    private let mailboxes: [FrameMailbox]
    private let events: EventRing<FrameEvent>
    private let controls: RenderControls
    private let fps: Int
    private let engine: String
    private let logger: Logger
    private let qualityChanges: EventRing<QualityChange>

    /// - Parameters:
    ///   - states: Where the engine publishes; this loop is its only reader.
    ///   - mailboxes: The consumers of pictures. A picture is read back only where one of them wants it.
    ///   - events: Takes what became of each frame.
    ///   - fps: Frames a second.
    ///   - engine: The engine's name, for the HUD.
    ///   - qualityChanges: Takes each change of the quality level.
    ///   - revive: Called on the render thread where the device was lost, until it gives a renderer; without it the loop ends
    ///     with the device.
    public init(
        renderer: sending FrameRenderer, states: TripleBuffer<TimedState>,
        mailboxes: [FrameMailbox],
        events: EventRing<FrameEvent>, controls: RenderControls, fps: Int, engine: String, logger: Logger,
        qualityChanges: EventRing<QualityChange>, revive: Revival? = nil
    ) {
        pool = renderer.pool
        self.renderer = renderer
        self.revive = revive
        self.states = states
        self.mailboxes = mailboxes
        self.events = events
        self.controls = controls
        self.fps = fps
        self.engine = engine
        self.logger = logger
        self.qualityChanges = qualityChanges
    }

    /// How far behind its samples the picture is, s, at so many seconds a sample.
    public static func delay(ofSamplesEvery interval: Double) -> Double {
        StateInterpolator.delay(ofSamplesEvery: interval)
    }

    /// Draws until graceful shutdown or cancellation, and returns when its thread has ended. Throws `RendererError` where the
    /// device fails.
    public func run() async throws {
        let controls = controls
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-render", stop: { controls.stop() }) { try self.render() }
        } onGracefulShutdown: {
            controls.stop()
        }
        logger.debug("render loop ended", metadata: ["frames": "\(controls.frameCount)"])
    }

    private func render() throws {
        var course = Course(
            interpolator: StateInterpolator(states), clock: FrameClock(start: MonotonicClock.nanoseconds, fps: fps),
            figures: LoopFigures(engine: engine, fps: fps))
        while renderer != nil {
            do { return try draw(&course) } catch RendererError.vulkan(.deviceLost) where revive != nil {
                renderer = nil
            }
            recover()
            _ = course.clock.advance(now: MonotonicClock.nanoseconds)
        }
    }

    /// What goes on whichever device draws.
    private struct Course {
        var interpolator: StateInterpolator
        var clock: FrameClock
        var figures: LoopFigures
    }

    /// Tries to set a device up until there is one, or the loop ends.
    private func recover() {
        guard let revive else { return }
        logger.error("The Vulkan device was lost; it is set up anew.")
        controls.deviceWasLost("The Vulkan device was lost; it is being set up anew.")
        var pause = Self.pauses.lowerBound, said = ""
        while renderer == nil, !controls.isStopping {
            // Pictures of the old device are let go; those that are being encoded are waited for.
            for mailbox in mailboxes { mailbox.clear() }
            for _ in 0..<20 where !pool.isIdle { rest(50_000_000) }
            do {
                let next = try revive(pool)
                logger.notice("Frames are drawn again.", metadata: ["device": "\(next.device.physical.name)"])
                renderer = next
            } catch {
                let why = "\(error)"
                if why != said { logger.error("The device cannot be set up yet: \(why)") }
                said = why
                rest(pause)
                pause = min(2 * pause, Self.pauses.upperBound)
            }
        }
    }

    private func rest(_ nanoseconds: UInt64) {
        let end = MonotonicClock.nanoseconds + nanoseconds
        while !controls.isStopping, MonotonicClock.nanoseconds < end {
            MonotonicClock.sleep(untilNanoseconds: min(end, MonotonicClock.nanoseconds + 50_000_000))
        }
    }

    /// Draws until the loop ends.
    private func draw(_ course: inout Course) throws {
        guard let renderer else { return }
        var state = EngineState()
        var wishes = controls.published.latest { wishes, _ in copy wishes }
        var director = PictureDirector(wishes)
        var quality = QualityControl(
            wishes, fps: fps, isSoftware: renderer.device.physical.kind == .software)
        /// The outgoing picture that the last frame drew anew.
        var drawn: FrameContent.Outgoing?
        while !controls.isStopping {
            MonotonicClock.sleep(untilNanoseconds: course.clock.deadline)
            if controls.takeLoss() { throw RendererError.vulkan(.deviceLost) }
            controls.published.latest { if $1 { wishes = copy $0 } }
            report(quality.follow(wishes))
            var info = FrameInfo()
            info.sequence = UInt32(truncatingIfNeeded: course.clock.frame)
            info.presentationTime = MonotonicClock.microseconds
            // The picture is of the moment that the frame was due, however late the thread woke up.
            course.interpolator.state(at: course.clock.deadline / 1_000, into: &state)
            (info.stateSequence, info.stateTime) = course.interpolator.drawnSample
            let time = Double(course.clock.deadline) * 1e-9
            var content = director.content(wishes, at: time)
            content.quality = quality.level
            content.isQualityAutomatic = quality.isAutomatic
            if wishes.isHUDShown {
                content.hud = course.figures.shown(at: time, quality: quality.level, isAutomatic: quality.isAutomatic)
            }
            if wishes.isLatencyMarked {
                content.latencyMark = LatencyMark(frame: info.sequence, stateTime: info.stateTime)
            }
            // Where every pixel costs, what gives way moves at half the rate.
            if renderer.framesInFlight == 1, let drawn, content.outgoing?.isSamePicture(as: drawn) == true {
                content.outgoing?.isRetained = true
            }
            drawn = content.outgoing?.isRetained == true ? nil : content.outgoing
            try renderer.submit(state, content, info: info, lease: acquireLease())
            let next = course.clock.deadline + 1_000_000_000 / UInt64(fps)
            // A frame goes out as soon as it is done; one that needs longer is waited for once the ring is full.
            while try renderer.pending >= renderer.framesInFlight || renderer.isDone(before: next) {
                try finishFrame(renderer, &quality, &course.figures)
            }
            let skipped = course.clock.advance(now: MonotonicClock.nanoseconds)
            if skipped > 0 {
                quality.isLate = true
                events.push(FrameEvent(outcome: .late, count: UInt32(clamping: skipped)))
            }
        }
        while renderer.pending > 0 { try finishFrame(renderer, &quality, &course.figures) }
    }

    private func report(_ change: QualityChange?) {
        guard let change else { return }
        controls.qualityChanged(to: QualityLevel(change.to) ?? .full)
        qualityChanges.push(change)
    }

    /// A place to read the picture back to, where somebody wants it.
    private func acquireLease() -> FrameLease? {
        var isWanted = false
        for mailbox in mailboxes where mailbox.demand.isWanted { isWanted = true }
        guard isWanted else { return nil }
        guard let lease = pool.acquire() else {
            events.push(FrameEvent(outcome: .noBuffer))
            return nil
        }
        return lease
    }

    private func finishFrame(
        _ renderer: FrameRenderer, _ quality: inout QualityControl, _ figures: inout LoopFigures
    ) throws {
        let lease = try renderer.finish()
        let info = renderer.lastInfo
        let now = MonotonicClock.microseconds
        events.push(FrameEvent(outcome: .rendered, info: info))
        controls.frameFinished(at: now)
        figures.record(info, recording: renderer.lastRecordingMicroseconds, at: Double(now) * 1e-6)
        report(quality.finished(info, at: Double(now) * 1e-6))
        guard let lease else { return }
        for mailbox in mailboxes where mailbox.demand.isWanted { mailbox.offer(lease.share()) }
    }
}
