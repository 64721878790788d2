import CVulkan

/// A Vulkan object that a device made and must destroy.
public protocol DeviceChild {
    /// For validation messages.
    static var objectType: VkObjectType { get }
    /// Called once, when the owner dies.
    static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>)
}

/// The one owner of a Vulkan object, which dies with it.
public struct Owned<Child: DeviceChild>: ~Copyable {
    /// Valid while the owner lives.
    public let handle: UnsafeMutablePointer<Child>
    let device: Device

    /// - Parameters:
    ///   - call: The name of the creating call, for errors.
    ///   - name: What the object is, for validation messages.
    init(
        _ device: Device, _ call: String, name: String,
        _ create: (VkDevice, UnsafeMutablePointer<UnsafeMutablePointer<Child>?>) -> VkResult
    ) throws(VulkanError) {
        var handle: UnsafeMutablePointer<Child>?
        try VulkanError.check(create(device.handle, &handle), call)
        guard let handle else { throw .failed(call: call, result: VK_ERROR_UNKNOWN.rawValue) }
        self.handle = handle
        self.device = device
        device.name(OpaquePointer(handle), Child.objectType, name)
    }

    deinit { Child.destroy(device.handle, handle) }
}

extension VkDeviceMemory_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_DEVICE_MEMORY }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkFreeMemory(device, handle, nil)
    }
}
extension VkBuffer_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_BUFFER }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyBuffer(device, handle, nil)
    }
}
extension VkImage_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_IMAGE }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyImage(device, handle, nil)
    }
}
extension VkImageView_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_IMAGE_VIEW }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyImageView(device, handle, nil)
    }
}
extension VkSampler_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_SAMPLER }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroySampler(device, handle, nil)
    }
}
extension VkShaderModule_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_SHADER_MODULE }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyShaderModule(device, handle, nil)
    }
}
extension VkPipeline_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_PIPELINE }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyPipeline(device, handle, nil)
    }
}
extension VkPipelineLayout_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_PIPELINE_LAYOUT }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyPipelineLayout(device, handle, nil)
    }
}
extension VkPipelineCache_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_PIPELINE_CACHE }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyPipelineCache(device, handle, nil)
    }
}
extension VkDescriptorSetLayout_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_DESCRIPTOR_SET_LAYOUT }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyDescriptorSetLayout(device, handle, nil)
    }
}
extension VkDescriptorPool_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_DESCRIPTOR_POOL }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyDescriptorPool(device, handle, nil)
    }
}
extension VkCommandPool_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_COMMAND_POOL }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyCommandPool(device, handle, nil)
    }
}
extension VkSemaphore_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_SEMAPHORE }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroySemaphore(device, handle, nil)
    }
}
extension VkQueryPool_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_QUERY_POOL }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroyQueryPool(device, handle, nil)
    }
}
extension VkSwapchainKHR_T: DeviceChild {
    public static var objectType: VkObjectType { VK_OBJECT_TYPE_SWAPCHAIN_KHR }
    public static func destroy(_ device: VkDevice, _ handle: UnsafeMutablePointer<Self>) {
        vkDestroySwapchainKHR(device, handle, nil)
    }
}
