import CVulkan

/// A compiled pipeline that draws into one colour target. Vertex shaders fetch what they need from the storage buffer.
public struct GraphicsPipeline: ~Copyable {
    /// How new colour meets the colour that is there.
    public enum Blend: Sendable {
        /// Replaces it.
        case opaque
        /// Premultiplied: source + target · (1 − source alpha). With alpha 0 it adds.
        case premultiplied
        /// Source + target.
        case additive
    }

    /// What vertices make.
    public enum Topology: Sendable {
        /// Each with the two before it.
        case strip
        /// Three by three.
        case triangles
        /// A square for each.
        case points

        var vulkan: VkPrimitiveTopology {
            switch self {
            case .strip: VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP
            case .triangles: VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST
            case .points: VK_PRIMITIVE_TOPOLOGY_POINT_LIST
            }
        }
    }

    /// What distinguishes one pipeline from another.
    public struct Description: Sendable {
        /// For validation messages.
        public var name: String
        /// SPIR-V words.
        public var vertexShader: [UInt32]
        public var fragmentShader: [UInt32]
        /// What vertices make.
        public var topology: Topology
        /// How colour meets what is there.
        public var blend: Blend
        /// The value of specialisation constant 0 of the fragment shader.
        public var variant: UInt32

        public init(
            name: String, vertexShader: [UInt32], fragmentShader: [UInt32], topology: Topology = .strip,
            blend: Blend = .premultiplied, variant: UInt32 = 0
        ) {
            self.name = name
            self.vertexShader = vertexShader
            self.fragmentShader = fragmentShader
            self.topology = topology
            self.blend = blend
            self.variant = variant
        }
    }

    private let pipeline: Owned<VkPipeline_T>

    var handle: VkPipeline { pipeline.handle }

    public init(
        _ device: Device, _ description: Description, layout: borrowing BindingLayout,
        cache: borrowing PipelineCache, target: Image.Format
    ) throws(VulkanError) {
        let vertex = try Self.module(device, description.vertexShader, "\(description.name) vertex shader")
        let fragment = try Self.module(device, description.fragmentShader, "\(description.name) fragment shader")
        var arena = CreateInfoArena()
        var info = arena.pipelineInfo(
            description, vertex: vertex.handle, fragment: fragment.handle, layout: layout.handle, target: target.vulkan)
        let cacheHandle = cache.handle
        pipeline = try Owned(device, "vkCreateGraphicsPipelines", name: description.name) { device, handle in
            vkCreateGraphicsPipelines(device, cacheHandle, 1, &info, nil, handle)
        }
        _ = consume arena
    }

    private static func module(
        _ device: Device, _ words: [UInt32], _ name: String
    ) throws(VulkanError) -> Owned<VkShaderModule_T> {
        try Owned(device, "vkCreateShaderModule", name: name) { device, handle in
            words.withUnsafeBufferPointer { words in
                var info = VkShaderModuleCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO
                info.codeSize = words.count * MemoryLayout<UInt32>.size
                info.pCode = words.baseAddress
                return vkCreateShaderModule(device, &info, nil, handle)
            }
        }
    }
}
