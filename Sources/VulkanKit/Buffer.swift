import CVulkan

/// A buffer in memory that the host has mapped for as long as the buffer lives.
public struct Buffer: ~Copyable {
    /// Where the memory is best.
    public enum Use: Sendable {
        /// The host writes, the device reads: uniforms, storage.
        case upload
        /// The device writes, the host reads: cached, so that reading is as fast as memory.
        case readback

        fileprivate var usage: VkBufferUsageFlags {
            switch self {
            case .upload:
                VK_BUFFER_USAGE_STORAGE_BUFFER_BIT.rawValue | VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT.rawValue
                    | VK_BUFFER_USAGE_TRANSFER_SRC_BIT.rawValue
            case .readback: VK_BUFFER_USAGE_TRANSFER_DST_BIT.rawValue
            }
        }

        fileprivate var memory: [VkMemoryPropertyFlags] {
            let visible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT.rawValue
            let coherent = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT.rawValue
            let cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT.rawValue
            let local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT.rawValue
            // Coherent in every case: without it each frame would need explicit flushes.
            return switch self {
            case .upload: [visible | coherent | local, visible | coherent]
            case .readback: [visible | coherent | cached, visible | coherent]
            }
        }
    }

    private let memory: Owned<VkDeviceMemory_T>
    private let buffer: Owned<VkBuffer_T>
    /// The mapped memory.
    public let contents: UnsafeMutableRawBufferPointer

    /// For commands that are not wrapped here.
    public var handle: VkBuffer { buffer.handle }

    public init(_ device: Device, size: Int, use: Use, name: String) throws(VulkanError) {
        var info = VkBufferCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO
        info.size = VkDeviceSize(size)
        info.usage = use.usage
        let buffer = try Owned<VkBuffer_T>(device, "vkCreateBuffer", name: name) { vkCreateBuffer($0, &info, nil, $1) }
        var requirements = VkMemoryRequirements()
        vkGetBufferMemoryRequirements(device.handle, buffer.handle, &requirements)
        let memory = try device.allocate(requirements, use.memory, name: name)
        try VulkanError.check(
            vkBindBufferMemory(device.handle, buffer.handle, memory.handle, 0), "vkBindBufferMemory")
        var address: UnsafeMutableRawPointer?
        try VulkanError.check(
            vkMapMemory(device.handle, memory.handle, 0, VK_WHOLE_SIZE, 0, &address), "vkMapMemory")
        self.memory = memory
        self.buffer = buffer
        contents = UnsafeMutableRawBufferPointer(start: address, count: size)
    }
}

extension Device {
    /// Memory of the first kind in `preferences` that the device has for `requirements`.
    func allocate(
        _ requirements: VkMemoryRequirements, _ preferences: [VkMemoryPropertyFlags], name: String
    ) throws(VulkanError) -> Owned<VkDeviceMemory_T> {
        guard let type = memoryType(allowed: requirements.memoryTypeBits, preferences: preferences) else {
            throw .outOfMemory(call: "vkAllocateMemory")
        }
        var info = VkMemoryAllocateInfo()
        info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO
        info.allocationSize = requirements.size
        info.memoryTypeIndex = type
        return try Owned(self, "vkAllocateMemory", name: name) { vkAllocateMemory($0, &info, nil, $1) }
    }
}
