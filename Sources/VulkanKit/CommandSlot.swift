import CVulkan

/// A command buffer with its pool, recorded anew for every use.
public struct CommandSlot: ~Copyable {
    private let pool: Owned<VkCommandPool_T>
    private let buffer: VkCommandBuffer

    public init(_ device: Device, name: String) throws(VulkanError) {
        var info = VkCommandPoolCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO
        info.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT.rawValue
        info.queueFamilyIndex = device.queueFamily
        let pool = try Owned<VkCommandPool_T>(device, "vkCreateCommandPool", name: name) {
            vkCreateCommandPool($0, &info, nil, $1)
        }
        var allocate = VkCommandBufferAllocateInfo()
        allocate.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO
        allocate.commandPool = pool.handle
        allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY
        allocate.commandBufferCount = 1
        var buffer: VkCommandBuffer?
        try VulkanError.check(
            vkAllocateCommandBuffers(device.handle, &allocate, &buffer), "vkAllocateCommandBuffers")
        guard let buffer else { throw .outOfMemory(call: "vkAllocateCommandBuffers") }
        device.name(OpaquePointer(buffer), VK_OBJECT_TYPE_COMMAND_BUFFER, "commands of \(name)")
        self.pool = pool
        self.buffer = buffer
    }

    /// Records the buffer anew. Its earlier use must be over.
    public func record(
        layout: borrowing BindingLayout, _ body: (CommandRecorder) throws(VulkanError) -> Void
    ) throws(VulkanError) {
        try VulkanError.check(
            vkResetCommandPool(pool.device.handle, pool.handle, 0), "vkResetCommandPool")
        var begin = VkCommandBufferBeginInfo()
        begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO
        begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT.rawValue
        try VulkanError.check(vkBeginCommandBuffer(buffer, &begin), "vkBeginCommandBuffer")
        try body(CommandRecorder(buffer: buffer, layout: layout.handle, labels: pool.device.labels))
        try VulkanError.check(vkEndCommandBuffer(buffer), "vkEndCommandBuffer")
    }

    /// Submits what was recorded; `timeline` reaches `value` once it is done.
    /// - Parameter presentation: Where an image of a swapchain is written: what transfers wait for, and what is signalled.
    public func submit(
        signalling timeline: borrowing Timeline, value: UInt64, presentation: PresentationSemaphores? = nil
    ) throws(VulkanError) {
        let acquired = presentation?.acquired, finished = presentation?.finished
        var command = VkCommandBufferSubmitInfo()
        command.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO
        command.commandBuffer = buffer
        var wait = VkSemaphoreSubmitInfo()
        wait.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO
        wait.semaphore = acquired
        wait.stageMask = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT
        var done = VkSemaphoreSubmitInfo()
        done.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO
        done.semaphore = timeline.handle
        done.value = value
        done.stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT
        var presentable = done
        presentable.semaphore = finished
        presentable.value = 0
        let signals: InlineArray<2, VkSemaphoreSubmitInfo> = [done, presentable]
        let queue = pool.device.queue
        let result = withUnsafePointer(to: &command) { command in
            withUnsafePointer(to: &wait) { wait in
                withUnsafeBytes(of: signals) { signals in
                    var submit = VkSubmitInfo2()
                    submit.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO_2
                    submit.waitSemaphoreInfoCount = acquired == nil ? 0 : 1
                    submit.pWaitSemaphoreInfos = wait
                    submit.commandBufferInfoCount = 1
                    submit.pCommandBufferInfos = command
                    submit.signalSemaphoreInfoCount = finished == nil ? 1 : 2
                    submit.pSignalSemaphoreInfos =
                        signals.assumingMemoryBound(to: VkSemaphoreSubmitInfo.self)
                        .baseAddress
                    return vkQueueSubmit2(queue, 1, &submit, nil)
                }
            }
        }
        try VulkanError.check(result, "vkQueueSubmit2")
    }
}
