import CVulkan

/// The semaphores between acquiring an image of a swapchain, writing it and presenting it.
public struct PresentationSemaphores {
    let acquired: VkSemaphore
    let finished: VkSemaphore
}
