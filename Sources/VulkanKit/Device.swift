import CVulkan

/// A logical device with its one queue.
///
/// `@unchecked Sendable`: handles and properties never change. Calls that Vulkan wants externally synchronised (submits,
/// presents, command buffers) are made by the one thread that owns the renderer; the rest is free-threaded by the
/// specification.
public final class Device: @unchecked Sendable {
    /// For calls that are not wrapped here.
    public let handle: VkDevice
    /// The device that this is a connection to.
    public let physical: PhysicalDevice
    /// Kept alive for as long as the device is.
    public let instance: Instance
    let queue: VkQueue
    let queueFamily: UInt32
    private let memoryProperties: VkPhysicalDeviceMemoryProperties
    private let setName: PFN_vkSetDebugUtilsObjectNameEXT?
    let labels: DebugLabels?

    /// - Parameter extensions: Device extensions to enable.
    public init(instance: Instance, physical: PhysicalDevice, extensions: [String] = []) throws(VulkanError) {
        guard let family = physical.queueFamily else { throw .noUsableDevice([physical.refusal]) }
        self.instance = instance
        self.physical = physical
        queueFamily = family
        let created = try Self.create(physical, family, extensions)
        var queue: VkQueue?
        vkGetDeviceQueue(created, family, 0, &queue)
        guard let queue else {
            vkDestroyDevice(created, nil)
            throw .noUsableDevice([physical.refusal])
        }
        handle = created
        self.queue = queue
        var memory = VkPhysicalDeviceMemoryProperties()
        vkGetPhysicalDeviceMemoryProperties(physical.handle, &memory)
        memoryProperties = memory
        setName =
            instance.validationLog == nil
            ? nil
            : vkGetDeviceProcAddr(created, "vkSetDebugUtilsObjectNameEXT").map {
                unsafeBitCast($0, to: PFN_vkSetDebugUtilsObjectNameEXT.self)
            }
        labels = instance.validationLog == nil ? nil : DebugLabels(created)
        name(OpaquePointer(queue), VK_OBJECT_TYPE_QUEUE, "graphics queue")
        name(OpaquePointer(created), VK_OBJECT_TYPE_DEVICE, physical.name)
    }

    deinit {
        vkDeviceWaitIdle(handle)
        vkDestroyDevice(handle, nil)
    }

    private static func create(
        _ physical: PhysicalDevice, _ family: UInt32, _ extensions: [String]
    ) throws(VulkanError) -> VkDevice {
        var thirteen = VkPhysicalDeviceVulkan13Features()
        thirteen.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES
        thirteen.dynamicRendering = VK_TRUE
        thirteen.synchronization2 = VK_TRUE
        // A vertex shader may write what a fragment shader does not read.
        thirteen.maintenance4 = VK_TRUE
        var twelve = VkPhysicalDeviceVulkan12Features()
        twelve.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES
        twelve.timelineSemaphore = VK_TRUE
        var queueInfo = VkDeviceQueueCreateInfo()
        queueInfo.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO
        queueInfo.queueFamilyIndex = family
        queueInfo.queueCount = 1
        var features = VkPhysicalDeviceFeatures()
        features.largePoints = VK_TRUE
        var info = VkDeviceCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO
        info.queueCreateInfoCount = 1
        var priority: Float = 1
        var device: VkDevice?
        let result = withCStrings(extensions) { names in
            withUnsafePointer(to: &priority) { priority in
                queueInfo.pQueuePriorities = priority
                return withUnsafePointer(to: &queueInfo) { queueInfo in
                    info.pQueueCreateInfos = queueInfo
                    return withUnsafeMutablePointer(to: &thirteen) { thirteen in
                        twelve.pNext = UnsafeMutableRawPointer(thirteen)
                        return withUnsafePointer(to: &twelve) { twelve in
                            info.pNext = UnsafeRawPointer(twelve)
                            info.enabledExtensionCount = UInt32(names.count)
                            info.ppEnabledExtensionNames = names.baseAddress
                            return withUnsafePointer(to: &features) { features in
                                info.pEnabledFeatures = features
                                return vkCreateDevice(physical.handle, &info, nil, &device)
                            }
                        }
                    }
                }
            }
        }
        try VulkanError.check(result, "vkCreateDevice")
        guard let device else { throw .deviceLost }
        return device
    }

    /// Waits until the device has nothing left to do.
    public func waitIdle() { vkDeviceWaitIdle(handle) }

    /// The first memory type among `allowed` (a bit a type) that has all of the first property set that any type has.
    func memoryType(allowed: UInt32, preferences: [VkMemoryPropertyFlags]) -> UInt32? {
        withUnsafeBytes(of: memoryProperties.memoryTypes) { bytes in
            let types = bytes.assumingMemoryBound(to: VkMemoryType.self)
            for wanted in preferences {
                for index in 0..<Int(memoryProperties.memoryTypeCount)
                where allowed & (1 << UInt32(index)) != 0 && types[index].propertyFlags & wanted == wanted {
                    return UInt32(index)
                }
            }
            return nil
        }
    }

    /// Names an object for the messages of the validation layer.
    func name(_ object: OpaquePointer, _ type: VkObjectType, _ name: String) {
        guard let setName else { return }
        name.withCString { text in
            var info = VkDebugUtilsObjectNameInfoEXT()
            info.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_OBJECT_NAME_INFO_EXT
            info.objectType = type
            info.objectHandle = UInt64(UInt(bitPattern: object))
            info.pObjectName = text
            _ = setName(handle, &info)
        }
    }
}
