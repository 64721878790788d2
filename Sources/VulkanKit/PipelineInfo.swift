import CVulkan

extension CreateInfoArena {
    /// The create info of a pipeline. What it points to lives in this arena.
    mutating func pipelineInfo(
        _ description: GraphicsPipeline.Description, vertex: VkShaderModule, fragment: VkShaderModule,
        layout: VkPipelineLayout, target: VkFormat
    ) -> VkGraphicsPipelineCreateInfo {
        var rendering = VkPipelineRenderingCreateInfo()
        rendering.sType = VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO
        rendering.colorAttachmentCount = 1
        rendering.pColorAttachmentFormats = keep(target)

        var info = VkGraphicsPipelineCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO
        info.pNext = UnsafeRawPointer(keep(rendering))
        info.stageCount = 2
        info.pStages = stages(vertex, fragment, variant: description.variant)
        info.pColorBlendState = blending(description.blend)
        info.layout = layout

        var input = VkPipelineVertexInputStateCreateInfo()
        input.sType = VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO
        info.pVertexInputState = keep(input)

        var assembly = VkPipelineInputAssemblyStateCreateInfo()
        assembly.sType = VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO
        assembly.topology = description.topology.vulkan
        info.pInputAssemblyState = keep(assembly)

        var viewport = VkPipelineViewportStateCreateInfo()
        viewport.sType = VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO
        viewport.viewportCount = 1
        viewport.scissorCount = 1
        info.pViewportState = keep(viewport)

        var rasterization = VkPipelineRasterizationStateCreateInfo()
        rasterization.sType = VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO
        rasterization.polygonMode = VK_POLYGON_MODE_FILL
        rasterization.cullMode = VK_CULL_MODE_NONE.rawValue
        rasterization.lineWidth = 1
        info.pRasterizationState = keep(rasterization)

        var multisample = VkPipelineMultisampleStateCreateInfo()
        multisample.sType = VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO
        multisample.rasterizationSamples = VK_SAMPLE_COUNT_1_BIT
        info.pMultisampleState = keep(multisample)

        var dynamic = VkPipelineDynamicStateCreateInfo()
        dynamic.sType = VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO
        dynamic.dynamicStateCount = 2
        dynamic.pDynamicStates = keep([VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR])
        info.pDynamicState = keep(dynamic)
        return info
    }

    private mutating func stages(
        _ vertex: VkShaderModule, _ fragment: VkShaderModule, variant: UInt32
    ) -> UnsafePointer<VkPipelineShaderStageCreateInfo> {
        var specialization = VkSpecializationInfo()
        specialization.mapEntryCount = 1
        specialization.pMapEntries = keep(
            VkSpecializationMapEntry(constantID: 0, offset: 0, size: MemoryLayout<UInt32>.size))
        specialization.dataSize = MemoryLayout<UInt32>.size
        specialization.pData = UnsafeRawPointer(keep(variant))
        let main = keep("main")
        var vertexStage = VkPipelineShaderStageCreateInfo()
        vertexStage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO
        vertexStage.stage = VK_SHADER_STAGE_VERTEX_BIT
        vertexStage.module = vertex
        vertexStage.pName = main
        var fragmentStage = vertexStage
        fragmentStage.stage = VK_SHADER_STAGE_FRAGMENT_BIT
        fragmentStage.module = fragment
        fragmentStage.pSpecializationInfo = keep(specialization)
        return keep([vertexStage, fragmentStage])
    }

    private mutating func blending(
        _ blend: GraphicsPipeline.Blend
    ) -> UnsafePointer<VkPipelineColorBlendStateCreateInfo> {
        var attachment = VkPipelineColorBlendAttachmentState()
        attachment.colorWriteMask =
            VK_COLOR_COMPONENT_R_BIT.rawValue | VK_COLOR_COMPONENT_G_BIT.rawValue
            | VK_COLOR_COMPONENT_B_BIT.rawValue | VK_COLOR_COMPONENT_A_BIT.rawValue
        if blend != .opaque {
            attachment.blendEnable = VK_TRUE
            attachment.srcColorBlendFactor = VK_BLEND_FACTOR_ONE
            attachment.dstColorBlendFactor =
                blend == .additive ? VK_BLEND_FACTOR_ONE : VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA
            attachment.colorBlendOp = VK_BLEND_OP_ADD
            // The target's alpha stays the 1 that the background wrote.
            attachment.srcAlphaBlendFactor = VK_BLEND_FACTOR_ZERO
            attachment.dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE
            attachment.alphaBlendOp = VK_BLEND_OP_ADD
        }
        var blending = VkPipelineColorBlendStateCreateInfo()
        blending.sType = VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO
        blending.attachmentCount = 1
        blending.pAttachments = keep(attachment)
        return keep(blending)
    }
}
