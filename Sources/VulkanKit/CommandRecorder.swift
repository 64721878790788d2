import CVulkan

/// Where an image is in its life, as far as barriers are concerned.
public enum ImageState: Sendable {
    /// Contents do not matter.
    case undefined
    case colorTarget
    case copySource
    case copyDestination
    case shaderRead
    /// An image of a swapchain that was acquired; contents do not matter.
    case acquired
    case present

    var layout: VkImageLayout {
        switch self {
        case .undefined, .acquired: VK_IMAGE_LAYOUT_UNDEFINED
        case .colorTarget: VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL
        case .copySource: VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL
        case .copyDestination: VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL
        case .shaderRead: VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL
        case .present: VK_IMAGE_LAYOUT_PRESENT_SRC_KHR
        }
    }

    var stage: VkPipelineStageFlags2 {
        switch self {
        case .undefined, .colorTarget: VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT
        case .copySource, .copyDestination: VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT
        case .shaderRead: VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT
        // The stage in which the submit waits for the acquired image.
        case .acquired, .present: VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT
        }
    }

    var access: VkAccessFlags2 {
        switch self {
        case .undefined, .acquired, .present: VK_ACCESS_2_NONE
        case .colorTarget: VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT
        case .copySource: VK_ACCESS_2_TRANSFER_READ_BIT
        case .copyDestination: VK_ACCESS_2_TRANSFER_WRITE_BIT
        case .shaderRead: VK_ACCESS_2_SHADER_SAMPLED_READ_BIT
        }
    }
}

/// The commands of one command buffer that is being recorded. Recording allocates nothing.
public struct CommandRecorder {
    let buffer: VkCommandBuffer
    let layout: VkPipelineLayout?
    let labels: DebugLabels?

    /// Names what `body` records, for validation messages and graphics debuggers.
    public func labelled(_ name: StaticString, _ body: () -> Void) {
        labels?.begin(buffer, name)
        body()
        labels?.end(buffer)
    }

    /// Moves an image from one state to another, and makes what was written in the first visible in the second.
    /// - Parameter isDiscarding: Whether the contents do not matter any more.
    public func transition(_ image: VkImage, from old: ImageState, to new: ImageState, isDiscarding: Bool = false) {
        var barrier = VkImageMemoryBarrier2()
        barrier.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2
        barrier.srcStageMask = old == .undefined ? new.stage : old.stage
        barrier.srcAccessMask = old.access
        barrier.dstStageMask = new.stage
        barrier.dstAccessMask = new.access
        barrier.oldLayout = isDiscarding ? VK_IMAGE_LAYOUT_UNDEFINED : old.layout
        barrier.newLayout = new.layout
        barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED
        barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED
        barrier.image = image
        barrier.subresourceRange = .color
        withUnsafePointer(to: &barrier) { barrier in
            var dependency = VkDependencyInfo()
            dependency.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO
            dependency.imageMemoryBarrierCount = 1
            dependency.pImageMemoryBarriers = barrier
            vkCmdPipelineBarrier2(buffer, &dependency)
        }
    }

    /// Begins drawing into the upper left part of `image`, whose contents are replaced.
    /// - Parameters:
    ///   - clear: Linear RGB to begin with; nil where everything will be drawn over.
    ///   - isRaw: Whether pixels are written as they are, without the conversion to the image's format.
    public func beginRendering(
        into image: borrowing Image, width: Int, height: Int, clear: SIMD3<Float>? = nil, isRaw: Bool = false
    ) {
        var attachment = VkRenderingAttachmentInfo()
        attachment.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO
        attachment.imageView = isRaw ? image.rawViewHandle : image.viewHandle
        attachment.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL
        attachment.loadOp = clear == nil ? VK_ATTACHMENT_LOAD_OP_DONT_CARE : VK_ATTACHMENT_LOAD_OP_CLEAR
        attachment.storeOp = VK_ATTACHMENT_STORE_OP_STORE
        if let clear { attachment.clearValue.color.float32 = (clear.x, clear.y, clear.z, 1) }
        begin(attachment, width: width, height: height)
    }

    /// Begins drawing over what `image` holds.
    public func resumeRendering(into image: borrowing Image, width: Int, height: Int) {
        var attachment = VkRenderingAttachmentInfo()
        attachment.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO
        attachment.imageView = image.viewHandle
        attachment.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL
        attachment.loadOp = VK_ATTACHMENT_LOAD_OP_LOAD
        attachment.storeOp = VK_ATTACHMENT_STORE_OP_STORE
        begin(attachment, width: width, height: height)
    }

    private func begin(_ attachment: VkRenderingAttachmentInfo, width: Int, height: Int) {
        let area = VkRect2D(
            offset: VkOffset2D(x: 0, y: 0), extent: VkExtent2D(width: UInt32(width), height: UInt32(height)))
        withUnsafePointer(to: attachment) { attachment in
            var info = VkRenderingInfo()
            info.sType = VK_STRUCTURE_TYPE_RENDERING_INFO
            info.renderArea = area
            info.layerCount = 1
            info.colorAttachmentCount = 1
            info.pColorAttachments = attachment
            vkCmdBeginRendering(buffer, &info)
        }
        var viewport = VkViewport(
            x: 0, y: 0, width: Float(width), height: Float(height), minDepth: 0, maxDepth: 1)
        vkCmdSetViewport(buffer, 0, 1, &viewport)
        var scissor = area
        vkCmdSetScissor(buffer, 0, 1, &scissor)
    }

    /// Ends what `beginRendering` or `resumeRendering` began.
    public func endRendering() { vkCmdEndRendering(buffer) }

    /// Draws with this pipeline from here on.
    public func bind(_ pipeline: borrowing GraphicsPipeline) {
        vkCmdBindPipeline(buffer, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.handle)
    }

    /// Lets shaders reach these buffers and this texture from here on.
    public func bind(_ set: borrowing BindingSet) {
        var handle: VkDescriptorSet? = set.handle
        vkCmdBindDescriptorSets(buffer, VK_PIPELINE_BIND_POINT_GRAPHICS, layout, 0, 1, &handle, 0, nil)
    }

    /// Sets the push constants, at most as many bytes as the layout has.
    public func push<Constants: BitwiseCopyable>(_ constants: Constants) {
        let stages = VK_SHADER_STAGE_VERTEX_BIT.rawValue | VK_SHADER_STAGE_FRAGMENT_BIT.rawValue
        withUnsafeBytes(of: constants) {
            vkCmdPushConstants(buffer, layout, stages, 0, UInt32($0.count), $0.baseAddress)
        }
    }

    /// Draws what `vertices` vertices make, from number `first` on.
    public func draw(vertices: Int, first: Int = 0) {
        vkCmdDraw(buffer, UInt32(vertices), 1, UInt32(first), 0)
    }

    /// Copies an image in state `.copySource` into a buffer, rows without padding, for the host to read.
    public func copy(_ image: borrowing Image, to target: borrowing Buffer) {
        var region = VkBufferImageCopy()
        region.imageSubresource = .color
        region.imageExtent = VkExtent3D(width: UInt32(image.width), height: UInt32(image.height), depth: 1)
        vkCmdCopyImageToBuffer(
            buffer, image.handle, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, target.handle, 1, &region)
        var barrier = VkMemoryBarrier2()
        barrier.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER_2
        barrier.srcStageMask = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT
        barrier.srcAccessMask = VK_ACCESS_2_TRANSFER_WRITE_BIT
        barrier.dstStageMask = VK_PIPELINE_STAGE_2_HOST_BIT
        barrier.dstAccessMask = VK_ACCESS_2_HOST_READ_BIT
        withUnsafePointer(to: &barrier) { barrier in
            var dependency = VkDependencyInfo()
            dependency.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO
            dependency.memoryBarrierCount = 1
            dependency.pMemoryBarriers = barrier
            vkCmdPipelineBarrier2(buffer, &dependency)
        }
    }

    /// Copies the beginning of a buffer into an image in state `.copyDestination`.
    public func copy(_ source: borrowing Buffer, to image: borrowing Image) {
        var region = VkBufferImageCopy()
        region.imageSubresource = .color
        region.imageExtent = VkExtent3D(width: UInt32(image.width), height: UInt32(image.height), depth: 1)
        vkCmdCopyBufferToImage(
            buffer, source.handle, image.handle, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region)
    }

    /// Scales a part of `source` (in state `.copySource`) into a part of `target` (in state `.copyDestination`),
    /// linearly filtered. Both parts begin in the upper left corner unless an offset is given.
    public func blit(
        from source: VkImage, width: Int, height: Int, to target: VkImage, x: Int = 0, y: Int = 0,
        targetWidth: Int, targetHeight: Int
    ) {
        var region = VkImageBlit()
        region.srcSubresource = .color
        region.srcOffsets.1 = VkOffset3D(x: Int32(width), y: Int32(height), z: 1)
        region.dstSubresource = .color
        region.dstOffsets.0 = VkOffset3D(x: Int32(x), y: Int32(y), z: 0)
        region.dstOffsets.1 = VkOffset3D(x: Int32(x + targetWidth), y: Int32(y + targetHeight), z: 1)
        vkCmdBlitImage(
            buffer, source, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, target, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1,
            &region, VK_FILTER_LINEAR)
    }

    /// Keeps copies into an image (in state `.copyDestination`) in the order of their recording.
    public func orderCopies(_ image: VkImage) { transition(image, from: .copyDestination, to: .copyDestination) }

    /// Fills an image in state `.copyDestination` with black.
    public func clear(_ image: VkImage) {
        var color = VkClearColorValue()
        var range = VkImageSubresourceRange.color
        vkCmdClearColorImage(buffer, image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, &color, 1, &range)
    }

    /// Empties the points in time, which has to come before they are written anew.
    public func reset(_ timestamps: borrowing Timestamps) {
        vkCmdResetQueryPool(buffer, timestamps.handle, 0, UInt32(timestamps.count))
    }

    /// Writes a point in time once everything recorded so far is done.
    public func write(_ timestamps: borrowing Timestamps, _ index: Int) {
        vkCmdWriteTimestamp2(
            buffer, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, timestamps.handle, UInt32(index))
    }
}
