import VulkanKit

/// A second destination of finished frames: a window. Used by the render thread alone.
public protocol FramePresenter: AnyObject {
    /// Asks for an image to write to. False where there is none at the moment; never waits.
    func acquire() -> Bool

    /// Records the copy of `image` (in state `.copySource`) into the acquired image.
    func record(_ commands: CommandRecorder, _ image: borrowing Image)

    /// What the submit waits for and signals, between `acquire` and `present`.
    var semaphores: PresentationSemaphores? { get }

    /// Shows the acquired image.
    func present()
}
