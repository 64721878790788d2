import Logging
import PhiRenderer
import VulkanKit

/// Copies finished frames into a window, scaled to fit, with black where the shapes differ. Used by the render thread.
public final class WindowPresenter: FramePresenter {
    // First, because fields die in the order of their declaration: before the surface and the device.
    private var swapchain: Swapchain?
    private let surface: Surface
    private let device: Device
    private let window: DisplayWindow
    private let logger: Logger
    private var framesUntilRetry = 0
    private var hasComplained = false

    public init(device: Device, surface: Surface, window: DisplayWindow, logger: Logger) {
        self.device = device
        self.surface = surface
        self.window = window
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
            let (width, height) = window.drawableSize
            swapchain = try Swapchain.make(device, surface: surface, width: width, height: height, replacing: swapchain)
            if swapchain == nil { framesUntilRetry = 15 }
            hasComplained = false
        } catch {
            if !hasComplained {
                logger.warning("The window shows nothing for the moment.", metadata: ["reason": "\(error)"])
                hasComplained = true
            }
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
