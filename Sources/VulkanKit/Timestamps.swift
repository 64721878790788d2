import CVulkan

/// Points in the device's time, written by command buffers.
public struct Timestamps: ~Copyable {
    private let pool: Owned<VkQueryPool_T>
    private let period: Double
    /// How many points there are.
    public let count: Int

    var handle: VkQueryPool { pool.handle }

    public init(_ device: Device, count: Int, name: String) throws(VulkanError) {
        var info = VkQueryPoolCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO
        info.queryType = VK_QUERY_TYPE_TIMESTAMP
        info.queryCount = UInt32(count)
        pool = try Owned(device, "vkCreateQueryPool", name: name) { vkCreateQueryPool($0, &info, nil, $1) }
        period = device.physical.timestampPeriod
        self.count = count
    }

    /// µs between two points of finished work; 0 where the device has no timestamps.
    public func microseconds(from first: Int, to second: Int) -> UInt32 {
        guard period > 0 else { return 0 }
        var ticks: InlineArray<2, UInt64> = [0, 0]
        for place in 0..<2 {
            let index = place == 0 ? first : second
            var value: UInt64 = 0
            let result = vkGetQueryPoolResults(
                pool.device.handle, pool.handle, UInt32(index), 1, MemoryLayout<UInt64>.size, &value,
                VkDeviceSize(MemoryLayout<UInt64>.size), VK_QUERY_RESULT_64_BIT.rawValue)
            guard result == VK_SUCCESS else { return 0 }
            ticks[place] = value
        }
        guard ticks[1] > ticks[0] else { return 0 }
        return UInt32(clamping: Int(Double(ticks[1] - ticks[0]) * period / 1_000))
    }
}
