import Foundation
import PhiRenderer
import ServiceLifecycle

/// Prints the URL to open, once there is a picture to be seen there.
struct ServerAnnouncement: Service {
    let url: String
    let controls: RenderControls

    func run() async throws {
        while controls.frameCount == 0, !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(5)) }
        }
        if controls.frameCount > 0 {
            // Written at once, also into a pipe.
            try? FileHandle.standardOutput.write(contentsOf: Data("\(url)\n".utf8))
        }
        try? await gracefulShutdown()
    }
}
