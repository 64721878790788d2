import NIOCore
import Synchronization

/// Calls something at a fixed rate on an event loop. Deadlines are absolute, so that the rate holds.
final class Metronome: Sendable {
    private let loop: any EventLoop
    private let interval: TimeAmount
    private let action: @Sendable () -> Void
    private let isStopped = Atomic(false)

    init(on loop: any EventLoop, every interval: TimeAmount, action: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.interval = interval
        self.action = action
        schedule(.now() + interval)
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func schedule(_ deadline: NIODeadline) {
        loop.scheduleTask(deadline: deadline) { [self] in
            guard !isStopped.load(ordering: .relaxed) else { return }
            action()
            // After a long halt the beats that were missed are not made up for.
            schedule(max(deadline + interval, .now()))
        }
    }
}
