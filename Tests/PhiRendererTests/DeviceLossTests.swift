import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import Synchronization
import Testing
import VulkanKit

@testable import PhiRenderer

@Suite("A device that is lost", .validated)
struct DeviceLossTests {
    private static let options = RendererOptions(width: 160, height: 90)

    private static func device(_ log: ValidationLog) throws -> Device {
        let instance = try Instance(validationLog: log)
        return try Device(instance: instance, physical: try instance.choosePhysicalDevice())
    }

    private func loop(
        _ mailbox: (FramePool) -> FrameMailbox, controls: RenderControls, revive: RenderLoop.Revival?
    ) throws -> (RenderLoop, FrameMailbox) {
        let log = try #require(Validated.log, "The suite lacks the trait .validated.")
        let renderer = try FrameRenderer(device: try Self.device(log), options: Self.options)
        let mailbox = mailbox(renderer.pool)
        let loop = RenderLoop(
            renderer: renderer,
            states: TripleBuffer(TimedState(state: .lively, monotonic: MonotonicClock.microseconds)),
            mailboxes: [mailbox], events: EventRing(capacity: 4_096, filler: FrameEvent(outcome: .rendered)),
            controls: controls, fps: 50, engine: "synthetic", logger: Logger(label: "test"),
            qualityChanges: EventRing(
                capacity: 4, filler: QualityChange(from: 5, to: 5, reason: .chosen, frameMilliseconds: 0)),
            revive: revive)
        return (loop, mailbox)
    }

    @Test("is set up anew, though a picture is still being read and the driver is away at first; numbers go on")
    func recovers() async throws {
        let log = try #require(Validated.log)
        let controls = RenderControls(scene: 0)
        let attempts = Atomic(0)
        let (loop, mailbox) = try loop({ FrameMailbox(pool: $0) }, controls: controls) { pool in
            guard attempts.add(1, ordering: .relaxed).newValue > 2 else { throw RendererError.vulkan(.noDriver) }
            return try FrameRenderer(device: try Self.device(log), options: Self.options, pool: pool)
        }
        mailbox.demand.add()
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: loop)], logger: Logger(label: "test")))
        let running = Task { try await group.run() }
        var before = try await frame(mailbox)
        #expect(controls.trouble == nil)

        // An encoder that is at work keeps its picture, and the pixels stay readable.
        let held = try await lease(mailbox)
        controls.loseDevice()
        try await Task.sleep(for: .milliseconds(200))
        #expect(controls.trouble == "The Vulkan device was lost; it is being set up anew.")
        let brightest = held.pixels.max() ?? 0
        #expect(brightest > 0)
        before = max(before, held.info.sequence)
        _ = consume held

        let count = controls.frameCount
        let after = try await frame(mailbox)
        #expect(after > before, "\(after) after \(before)")
        #expect(attempts.load(ordering: .relaxed) == 3)
        #expect(controls.deviceLossCount == 1 && controls.trouble == nil)
        #expect(controls.frameCount > count)

        // And once more.
        controls.loseDevice()
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await frame(mailbox) > after)
        await group.triggerGracefulShutdown()
        try await running.value
    }

    @Test("ends the loop where nobody sets up another")
    func ends() async throws {
        let controls = RenderControls(scene: 0)
        let (loop, _) = try loop({ FrameMailbox(pool: $0) }, controls: controls, revive: nil)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: loop)], logger: Logger(label: "test")))
        controls.loseDevice()
        await #expect(throws: RendererError.vulkan(.deviceLost)) { try await group.run() }
    }

    @Test("does not keep the end waiting while there is no driver")
    func endsMeanwhile() async throws {
        let controls = RenderControls(scene: 0)
        let (loop, _) = try loop({ FrameMailbox(pool: $0) }, controls: controls) { _ in
            throw RendererError.vulkan(.noDriver)
        }
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: loop)], logger: Logger(label: "test")))
        let running = Task { try await group.run() }
        controls.loseDevice()
        try await Task.sleep(for: .seconds(1))
        let start = MonotonicClock.microseconds
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(MonotonicClock.microseconds - start < 500_000)
    }

    private func lease(_ mailbox: FrameMailbox) async throws -> FrameLease {
        let end = MonotonicClock.microseconds + 10_000_000
        while MonotonicClock.microseconds < end {
            if let lease = mailbox.take() { return lease }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw RendererError.allBuffersBusy
    }

    /// The number of the next frame.
    private func frame(_ mailbox: FrameMailbox) async throws -> UInt32 { try await lease(mailbox).info.sequence }
}
