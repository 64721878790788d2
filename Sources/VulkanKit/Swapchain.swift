import CVulkan

/// The images of a window, which finished frames are copied into. Used by one thread.
public final class Swapchain {
    /// The device extensions that presenting needs.
    public static var deviceExtensions: [String] { [VK_KHR_SWAPCHAIN_EXTENSION_NAME] }

    private let swapchain: Owned<VkSwapchainKHR_T>
    private let images: [VkImage]
    /// One an image: its use by `present` is over when the image is acquired again.
    private let finished: [BinarySemaphoreBox]
    private let acquired: [BinarySemaphoreBox]
    private var turn = 0
    private var current: UInt32 = 0
    /// Pixels.
    public let width: Int
    public let height: Int
    /// Whether the window has changed so that a new swapchain is needed.
    public private(set) var isOutdated = false
    // Last, because fields die in the order of their declaration: the surface after the swapchain, the device after both.
    private let surface: Surface
    private let device: Device

    private final class BinarySemaphoreBox {
        let semaphore: BinarySemaphore
        init(_ device: Device, _ name: String) throws(VulkanError) {
            semaphore = try BinarySemaphore(device, name: name)
        }
    }

    /// - Parameters:
    ///   - width: What the window library says the window has, pixels; for systems whose windows take the swapchain's size.
    ///   - replacing: The swapchain that the window had before.
    /// - Returns: Nil where the window has no area at the moment.
    public static func make(
        _ device: Device, surface: Surface, width: Int, height: Int, replacing old: Swapchain?
    ) throws(VulkanError) -> Swapchain? {
        var capabilities = try surface.capabilities(device)
        if capabilities.currentExtent.width == UInt32.max {
            let least = capabilities.minImageExtent, most = capabilities.maxImageExtent
            capabilities.currentExtent = VkExtent2D(
                width: min(max(UInt32(clamping: width), least.width), most.width),
                height: min(max(UInt32(clamping: height), least.height), most.height))
        }
        guard capabilities.currentExtent.width > 0, capabilities.currentExtent.height > 0 else { return nil }
        return try Swapchain(device, surface, capabilities, replacing: old)
    }

    private init(
        _ device: Device, _ surface: Surface, _ capabilities: VkSurfaceCapabilitiesKHR, replacing old: Swapchain?
    ) throws(VulkanError) {
        self.device = device
        self.surface = surface
        let format = try surface.format(device)
        var info = VkSwapchainCreateInfoKHR()
        info.sType = VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR
        info.surface = surface.handle
        let most = capabilities.maxImageCount == 0 ? UInt32.max : capabilities.maxImageCount
        info.minImageCount = min(max(capabilities.minImageCount + 1, 3), most)
        info.imageFormat = format.format
        info.imageColorSpace = format.colorSpace
        info.imageExtent = capabilities.currentExtent
        info.imageArrayLayers = 1
        info.imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT.rawValue
        info.preTransform = capabilities.currentTransform
        info.compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR
        info.presentMode = try surface.presentMode(device)
        info.clipped = VK_TRUE
        info.oldSwapchain = old?.swapchain.handle
        let swapchain = try Owned<VkSwapchainKHR_T>(device, "vkCreateSwapchainKHR", name: "window") {
            vkCreateSwapchainKHR($0, &info, nil, $1)
        }
        let handle = swapchain.handle
        images = try enumerate("vkGetSwapchainImagesKHR", VkImage?.none) {
            vkGetSwapchainImagesKHR(device.handle, handle, $0, $1)
        }.compactMap { $0 }
        var finished: [BinarySemaphoreBox] = []
        var acquired: [BinarySemaphoreBox] = []
        for n in images.indices {
            finished.append(try BinarySemaphoreBox(device, "window image \(n) written"))
            acquired.append(try BinarySemaphoreBox(device, "window image \(n) acquired"))
        }
        self.finished = finished
        self.acquired = acquired
        self.swapchain = swapchain
        width = Int(capabilities.currentExtent.width)
        height = Int(capabilities.currentExtent.height)
    }

    deinit { device.waitIdle() }

    /// Takes the next image. False where none is free at the moment or the window has changed; never waits.
    public func acquire() -> Bool {
        guard !isOutdated else { return false }
        let result = vkAcquireNextImageKHR(
            device.handle, swapchain.handle, 0, acquired[turn].semaphore.handle, nil, &current)
        switch result {
        case VK_SUCCESS: return true
        case VK_SUBOPTIMAL_KHR:
            // This image can still be shown; the next one comes from a new swapchain.
            isOutdated = true
            return true
        case VK_NOT_READY, VK_TIMEOUT: return false
        default:
            isOutdated = true
            return false
        }
    }

    /// Between `acquire` and `present`.
    public var image: VkImage { images[Int(current)] }

    /// What the submit that writes the acquired image waits for and signals.
    public var semaphores: PresentationSemaphores {
        PresentationSemaphores(
            acquired: acquired[turn].semaphore.handle, finished: finished[Int(current)].semaphore.handle)
    }

    /// Shows the acquired image once it is written.
    public func present() {
        var handle: VkSwapchainKHR? = swapchain.handle
        var wait: VkSemaphore? = finished[Int(current)].semaphore.handle
        let queue = device.queue
        let result = withUnsafePointer(to: &handle) { handle in
            withUnsafePointer(to: &wait) { wait in
                withUnsafePointer(to: &current) { current in
                    var info = VkPresentInfoKHR()
                    info.sType = VK_STRUCTURE_TYPE_PRESENT_INFO_KHR
                    info.waitSemaphoreCount = 1
                    info.pWaitSemaphores = wait
                    info.swapchainCount = 1
                    info.pSwapchains = handle
                    info.pImageIndices = current
                    return vkQueuePresentKHR(queue, &info)
                }
            }
        }
        if result != VK_SUCCESS { isOutdated = true }
        turn = (turn + 1) % acquired.count
    }
}
