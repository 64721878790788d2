import CVulkan

/// A window as Vulkan sees it.
///
/// `@unchecked Sendable`: the handle never changes, and is used by the one thread that owns the swapchain.
public final class Surface: @unchecked Sendable {
    let handle: VkSurfaceKHR
    private let instance: Instance

    /// - Parameter handle: Made by the window library with `instance`; owned from here on.
    public init(instance: Instance, adopting handle: VkSurfaceKHR) {
        self.instance = instance
        self.handle = handle
    }

    deinit { vkDestroySurfaceKHR(instance.handle, handle, nil) }

    /// Whether a device can show pictures in the window.
    func isSupported(by device: PhysicalDevice) throws(VulkanError) -> Bool {
        guard let family = device.queueFamily, try device.supports(VK_KHR_SWAPCHAIN_EXTENSION_NAME) else {
            return false
        }
        var supported = VkBool32(VK_FALSE)
        try VulkanError.check(
            vkGetPhysicalDeviceSurfaceSupportKHR(device.handle, family, handle, &supported),
            "vkGetPhysicalDeviceSurfaceSupportKHR")
        return supported == VK_TRUE
    }

    func capabilities(_ device: Device) throws(VulkanError) -> VkSurfaceCapabilitiesKHR {
        var capabilities = VkSurfaceCapabilitiesKHR()
        try VulkanError.check(
            vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device.physical.handle, handle, &capabilities),
            "vkGetPhysicalDeviceSurfaceCapabilitiesKHR")
        return capabilities
    }

    /// The sRGB format that the window takes, which keeps the bytes of a frame as they are.
    func format(_ device: Device) throws(VulkanError) -> VkSurfaceFormatKHR {
        let formats = try enumerate("vkGetPhysicalDeviceSurfaceFormatsKHR", VkSurfaceFormatKHR()) {
            vkGetPhysicalDeviceSurfaceFormatsKHR(device.physical.handle, handle, $0, $1)
        }
        let wanted = [VK_FORMAT_B8G8R8A8_SRGB, VK_FORMAT_R8G8B8A8_SRGB]
        guard let format = formats.first(where: { wanted.contains($0.format) }) ?? formats.first else {
            throw .failed(call: "vkGetPhysicalDeviceSurfaceFormatsKHR", result: VK_ERROR_FORMAT_NOT_SUPPORTED.rawValue)
        }
        return format
    }

    /// A mode that never makes the render thread wait for the screen, where there is one.
    func presentMode(_ device: Device) throws(VulkanError) -> VkPresentModeKHR {
        let modes = try enumerate("vkGetPhysicalDeviceSurfacePresentModesKHR", VK_PRESENT_MODE_FIFO_KHR) {
            vkGetPhysicalDeviceSurfacePresentModesKHR(device.physical.handle, handle, $0, $1)
        }
        for mode in [VK_PRESENT_MODE_MAILBOX_KHR, VK_PRESENT_MODE_IMMEDIATE_KHR] where modes.contains(mode) {
            return mode
        }
        return VK_PRESENT_MODE_FIFO_KHR
    }
}
