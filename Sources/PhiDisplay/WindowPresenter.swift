import Logging
import PhiRenderer
import VulkanKit

/// Copies finished frames into a window, scaled to fit, with black where the shapes differ. Used by the render thread.
public final class WindowPresenter: FramePresenter {
    private let device: Device
    private let surface: Surface
    private let logger: Logger
    private var swapchain: Swapchain?
    private var framesUntilRetry = 0

    public init(device: Device, surface: Surface, logger: Logger) {
        self.device = device
        self.surface = surface
        self.logger = logger
    }

    public func acquire() -> Bool {
        if swapchain == nil || swapchain?.isOutdated == true { renew() }
        return swapchain?.acquire() ?? false
    }

    /// Makes a swapchain for the window as it is now; where that fails, tries again a quarter of a second later.
    private func renew() {
        guard framesUntilRetry == 0 else {
            framesUntilRetry -= 1
            return
        }
        do {
            device.waitIdle()
            swapchain = try Swapchain.make(device, surface: surface, replacing: swapchain)
            if swapchain == nil { framesUntilRetry = 15 }
        } catch {
            logger.warning("the window shows nothing for the moment", metadata: ["reason": "\(error)"])
            swapchain = nil
            framesUntilRetry = 15
        }
    }

    public func record(_ commands: CommandRecorder, _ image: borrowing Image) {
        guard let swapchain else { return }
        let scale = min(
            Double(swapchain.width) / Double(image.width), Double(swapchain.height) / Double(image.height))
        let width = max(Int((Double(image.width) * scale).rounded()), 1)
        let height = max(Int((Double(image.height) * scale).rounded()), 1)
        let target = swapchain.image
        commands.transition(target, from: .acquired, to: .copyDestination)
        if width < swapchain.width || height < swapchain.height {
            commands.clear(target)
            commands.orderCopies(target)
        }
        commands.blit(
            from: image.handle, width: image.width, height: image.height, to: target,
            x: (swapchain.width - width) / 2, y: (swapchain.height - height) / 2, targetWidth: width,
            targetHeight: height)
        commands.transition(target, from: .copyDestination, to: .present)
    }

    public var semaphores: PresentationSemaphores? { swapchain?.semaphores }

    public func present() { swapchain?.present() }
}
