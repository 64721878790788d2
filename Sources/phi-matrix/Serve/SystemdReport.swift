import PhiRenderer
import ServiceLifecycle

/// Tells systemd that the server is ready once there is a picture, and that it lives as long as pictures are drawn: where a
/// driver hangs, the watchdog starts the server anew.
struct SystemdReport: Service {
    let notifier: SystemdNotifier
    let url: String
    let controls: RenderControls

    func run() async throws {
        while controls.frameCount == 0, await rest(.milliseconds(20)) {}
        if controls.frameCount > 0 { notifier.tell("READY=1", "STATUS=Drawing; \(url)") }
        // Signs of life at a third of what is wanted; without a watchdog only the end is of interest.
        let pause = notifier.watchdog.map { $0 / 3 } ?? .seconds(60)
        var last: UInt64 = 0
        while await rest(pause) {
            let count = UInt64(controls.frameCount)
            if count != last, notifier.watchdog != nil { notifier.tell("WATCHDOG=1") }
            last = count
        }
        notifier.tell("STOPPING=1", "STATUS=Ending")
    }

    /// - Returns: False where the server ends.
    private func rest(_ pause: Duration) async -> Bool {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        return !Task.isShuttingDownGracefully && !Task.isCancelled
    }
}
