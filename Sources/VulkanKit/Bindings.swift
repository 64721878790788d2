import CVulkan

/// What shaders can reach beside their vertices: one uniform buffer (binding 0), one storage buffer (binding 1), two
/// textures that are fetched from, the first as its format says (binding 2), the second as its bytes are (binding 3), and
/// push constants.
public struct BindingLayout: ~Copyable {
    fileprivate static let types = [
        VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE,
        VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE,
    ]

    fileprivate let sets: Owned<VkDescriptorSetLayout_T>
    private let pipelines: Owned<VkPipelineLayout_T>

    var handle: VkPipelineLayout { pipelines.handle }

    /// - Parameter pushConstantSize: Bytes, a multiple of 4, at most 128.
    public init(_ device: Device, pushConstantSize: Int) throws(VulkanError) {
        let stages = VK_SHADER_STAGE_VERTEX_BIT.rawValue | VK_SHADER_STAGE_FRAGMENT_BIT.rawValue
        let sets = try Owned<VkDescriptorSetLayout_T>(
            device, "vkCreateDescriptorSetLayout", name: "scene bindings"
        ) { device, handle in
            let bindings = Self.types.enumerated().map { index, type in
                VkDescriptorSetLayoutBinding(
                    binding: UInt32(index), descriptorType: type, descriptorCount: 1, stageFlags: stages,
                    pImmutableSamplers: nil)
            }
            return bindings.withUnsafeBufferPointer { bindings in
                var info = VkDescriptorSetLayoutCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO
                info.bindingCount = UInt32(bindings.count)
                info.pBindings = bindings.baseAddress
                return vkCreateDescriptorSetLayout(device, &info, nil, handle)
            }
        }
        var range = VkPushConstantRange(stageFlags: stages, offset: 0, size: UInt32(pushConstantSize))
        var setHandle: VkDescriptorSetLayout? = sets.handle
        pipelines = try Owned(device, "vkCreatePipelineLayout", name: "scene layout") { device, handle in
            withUnsafePointer(to: &range) { range in
                withUnsafePointer(to: &setHandle) { set in
                    var info = VkPipelineLayoutCreateInfo()
                    info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO
                    info.setLayoutCount = 1
                    info.pSetLayouts = set
                    info.pushConstantRangeCount = 1
                    info.pPushConstantRanges = range
                    return vkCreatePipelineLayout(device, &info, nil, handle)
                }
            }
        }
        self.sets = sets
    }
}

/// A part of a buffer.
public struct BufferRange: Sendable {
    /// Bytes from the start of the buffer.
    public var offset: Int
    /// Bytes.
    public var size: Int

    public init(offset: Int, size: Int) {
        self.offset = offset
        self.size = size
    }
}

/// The buffers and the textures that one pass's shaders reach.
public struct BindingSet: ~Copyable {
    private let pool: Owned<VkDescriptorPool_T>
    let handle: VkDescriptorSet

    /// - Parameters:
    ///   - texture: What is fetched from as its format says.
    ///   - raw: What is fetched from as its bytes are.
    public init(
        _ device: Device, layout: borrowing BindingLayout, buffer: borrowing Buffer, uniforms: BufferRange,
        storage: BufferRange, texture: borrowing Image, raw: borrowing Image
    ) throws(VulkanError) {
        let types = BindingLayout.types
        let sizes = types.map { VkDescriptorPoolSize(type: $0, descriptorCount: 1) }
        let pool = try Owned<VkDescriptorPool_T>(device, "vkCreateDescriptorPool", name: "frame bindings") {
            device, handle in
            sizes.withUnsafeBufferPointer { sizes in
                var info = VkDescriptorPoolCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO
                info.maxSets = 1
                info.poolSizeCount = UInt32(sizes.count)
                info.pPoolSizes = sizes.baseAddress
                return vkCreateDescriptorPool(device, &info, nil, handle)
            }
        }
        var layoutHandle: VkDescriptorSetLayout? = layout.sets.handle
        var set: VkDescriptorSet?
        let result = withUnsafePointer(to: &layoutHandle) { layout in
            var info = VkDescriptorSetAllocateInfo()
            info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO
            info.descriptorPool = pool.handle
            info.descriptorSetCount = 1
            info.pSetLayouts = layout
            return vkAllocateDescriptorSets(device.handle, &info, &set)
        }
        try VulkanError.check(result, "vkAllocateDescriptorSets")
        guard let set else { throw .outOfMemory(call: "vkAllocateDescriptorSets") }
        var infos = [uniforms, storage].map {
            VkDescriptorBufferInfo(
                buffer: buffer.handle, offset: VkDeviceSize($0.offset), range: VkDeviceSize($0.size))
        }
        let views = [texture.viewHandle, raw.rawViewHandle]
        let images = views.map {
            VkDescriptorImageInfo(
                sampler: nil, imageView: $0, imageLayout: VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL)
        }
        infos.withUnsafeMutableBufferPointer { infos in
            images.withUnsafeBufferPointer { images in
                for (index, type) in types.enumerated() {
                    var write = VkWriteDescriptorSet()
                    write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET
                    write.dstSet = set
                    write.dstBinding = UInt32(index)
                    write.descriptorCount = 1
                    write.descriptorType = type
                    if index < infos.count {
                        write.pBufferInfo = infos.baseAddress.map { UnsafePointer($0 + index) }
                    } else {
                        write.pImageInfo = images.baseAddress.map { $0 + (index - infos.count) }
                    }
                    vkUpdateDescriptorSets(device.handle, 1, &write, 0, nil)
                }
            }
        }
        device.name(OpaquePointer(set), VK_OBJECT_TYPE_DESCRIPTOR_SET, "frame bindings")
        self.pool = pool
        handle = set
    }
}
