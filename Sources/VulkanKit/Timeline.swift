import CVulkan

/// A timeline semaphore: a counter that the device raises and the host waits for.
public struct Timeline: ~Copyable {
    private let semaphore: Owned<VkSemaphore_T>

    var handle: VkSemaphore { semaphore.handle }

    public init(_ device: Device, name: String) throws(VulkanError) {
        var type = VkSemaphoreTypeCreateInfo()
        type.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO
        type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE
        semaphore = try Owned(device, "vkCreateSemaphore", name: name) { device, handle in
            withUnsafePointer(to: &type) { type in
                var info = VkSemaphoreCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO
                info.pNext = UnsafeRawPointer(type)
                return vkCreateSemaphore(device, &info, nil, handle)
            }
        }
    }

    /// How long work may take before the device counts as lost, ns. A picture of the largest size takes a processor seconds.
    public static var longestWork: UInt64 { 60_000_000_000 }

    /// Waits until the counter is `value` or more. Throws `deviceLost` where that takes longer than `longestWork`.
    public func wait(for value: UInt64) throws(VulkanError) {
        guard try wait(for: value, nanoseconds: Self.longestWork) else { throw .deviceLost }
    }

    /// Waits until the counter is `value` or more, for `nanoseconds` at most. False where it is not by then.
    public func wait(for value: UInt64, nanoseconds: UInt64) throws(VulkanError) -> Bool {
        var value = value
        var semaphore: VkSemaphore? = semaphore.handle
        let device = self.semaphore.device
        let result = withUnsafePointer(to: &value) { value in
            withUnsafePointer(to: &semaphore) { semaphore in
                var info = VkSemaphoreWaitInfo()
                info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO
                info.semaphoreCount = 1
                info.pSemaphores = semaphore
                info.pValues = value
                return vkWaitSemaphores(device.handle, &info, nanoseconds)
            }
        }
        if result == VK_TIMEOUT { return false }
        try VulkanError.check(result, "vkWaitSemaphores")
        return true
    }
}

/// A binary semaphore, for acquiring and presenting images of a swapchain.
public struct BinarySemaphore: ~Copyable {
    private let semaphore: Owned<VkSemaphore_T>

    public var handle: VkSemaphore { semaphore.handle }

    public init(_ device: Device, name: String) throws(VulkanError) {
        var info = VkSemaphoreCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO
        semaphore = try Owned(device, "vkCreateSemaphore", name: name) { vkCreateSemaphore($0, &info, nil, $1) }
    }
}
