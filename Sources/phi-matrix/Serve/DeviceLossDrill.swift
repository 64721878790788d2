import PhiRenderer
import ServiceLifecycle

/// Lets the device be lost once, so that operators see what then happens before a driver does it to them.
struct DeviceLossDrill: Service {
    let seconds: Double
    let controls: RenderControls

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(seconds)) }
        if !Task.isShuttingDownGracefully { controls.loseDevice() }
        try? await gracefulShutdown()
    }
}
