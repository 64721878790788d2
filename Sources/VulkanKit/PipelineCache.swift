import CVulkan

/// Keeps compiled pipelines between runs.
public struct PipelineCache: ~Copyable {
    private let cache: Owned<VkPipelineCache_T>

    var handle: VkPipelineCache { cache.handle }

    /// - Parameter data: What `data()` gave in an earlier run; a driver ignores what is not its own.
    public init(_ device: Device, data: [UInt8] = []) throws(VulkanError) {
        cache = try Owned(device, "vkCreatePipelineCache", name: "pipeline cache") { device, handle in
            data.withUnsafeBytes { bytes in
                var info = VkPipelineCacheCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO
                info.initialDataSize = bytes.count
                info.pInitialData = bytes.isEmpty ? nil : bytes.baseAddress
                return vkCreatePipelineCache(device, &info, nil, handle)
            }
        }
    }

    /// What is to be kept for the next run.
    public func data() throws(VulkanError) -> [UInt8] {
        var size = 0
        try VulkanError.check(
            vkGetPipelineCacheData(cache.device.handle, cache.handle, &size, nil), "vkGetPipelineCacheData")
        var bytes = [UInt8](repeating: 0, count: size)
        try VulkanError.check(
            vkGetPipelineCacheData(cache.device.handle, cache.handle, &size, &bytes), "vkGetPipelineCacheData")
        return Array(bytes.prefix(size))
    }
}
