import CVulkan

/// A two-dimensional image with its view, in memory of the device.
public struct Image: ~Copyable {
    /// What a pixel is.
    public enum Format: Sendable {
        /// RGBA, 8 bits, encoded as sRGB on writing and decoded on reading.
        case rgba8sRGB
        /// RGBA, 8 bits, as written.
        case rgba8
        /// RGBA, 16-bit floating point: light without an upper bound.
        case rgba16Float
        /// One component, 8 bits.
        case r8

        var vulkan: VkFormat {
            switch self {
            case .rgba8sRGB: VK_FORMAT_R8G8B8A8_SRGB
            case .rgba8: VK_FORMAT_R8G8B8A8_UNORM
            case .rgba16Float: VK_FORMAT_R16G16B16A16_SFLOAT
            case .r8: VK_FORMAT_R8_UNORM
            }
        }

        /// The format in which the pixels are written as they are.
        fileprivate var raw: VkFormat? { self == .rgba8sRGB ? VK_FORMAT_R8G8B8A8_UNORM : nil }
    }

    /// What an image is for.
    public enum Use: Sendable {
        /// Drawn into, then copied from, or read by shaders of a later pass.
        case target
        /// Copied into once, then fetched from by shaders.
        case texture

        fileprivate var usage: VkImageUsageFlags {
            switch self {
            case .target:
                VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT.rawValue | VK_IMAGE_USAGE_TRANSFER_SRC_BIT.rawValue
                    | VK_IMAGE_USAGE_TRANSFER_DST_BIT.rawValue | VK_IMAGE_USAGE_SAMPLED_BIT.rawValue
            case .texture: VK_IMAGE_USAGE_SAMPLED_BIT.rawValue | VK_IMAGE_USAGE_TRANSFER_DST_BIT.rawValue
            }
        }
    }

    private let memory: Owned<VkDeviceMemory_T>
    private let image: Owned<VkImage_T>
    private let view: Owned<VkImageView_T>
    /// The same pixels without any conversion; nil where they need none.
    private let rawView: Owned<VkImageView_T>?
    /// Pixels.
    public let width: Int
    /// Pixels.
    public let height: Int

    /// For commands that are not wrapped here.
    public var handle: VkImage { image.handle }
    var viewHandle: VkImageView { view.handle }
    let rawViewHandle: VkImageView

    public init(
        _ device: Device, width: Int, height: Int, format: Format, use: Use, name: String
    ) throws(VulkanError) {
        var info = VkImageCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO
        info.imageType = VK_IMAGE_TYPE_2D
        info.format = format.vulkan
        info.extent = VkExtent3D(width: UInt32(width), height: UInt32(height), depth: 1)
        info.mipLevels = 1
        info.arrayLayers = 1
        info.samples = VK_SAMPLE_COUNT_1_BIT
        info.tiling = VK_IMAGE_TILING_OPTIMAL
        info.usage = use.usage
        let raw = use == .target ? format.raw : nil
        if raw != nil { info.flags = VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT.rawValue }
        let image = try Owned<VkImage_T>(device, "vkCreateImage", name: name) { vkCreateImage($0, &info, nil, $1) }
        var requirements = VkMemoryRequirements()
        vkGetImageMemoryRequirements(device.handle, image.handle, &requirements)
        let local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT.rawValue
        let memory = try device.allocate(requirements, [local, 0], name: name)
        try VulkanError.check(vkBindImageMemory(device.handle, image.handle, memory.handle, 0), "vkBindImageMemory")
        let view = try Self.view(of: image, format.vulkan, device, name: name)
        var rawView: Owned<VkImageView_T>?
        var rawHandle = view.handle
        if let raw {
            let made = try Self.view(of: image, raw, device, name: "raw \(name)")
            rawHandle = made.handle
            rawView = consume made
        }
        rawViewHandle = rawHandle
        self.rawView = rawView
        self.view = view
        self.image = image
        self.memory = memory
        self.width = width
        self.height = height
    }

    private static func view(
        of image: borrowing Owned<VkImage_T>, _ format: VkFormat, _ device: Device, name: String
    ) throws(VulkanError) -> Owned<VkImageView_T> {
        var info = VkImageViewCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO
        info.image = image.handle
        info.viewType = VK_IMAGE_VIEW_TYPE_2D
        info.format = format
        info.subresourceRange = .color
        return try Owned(device, "vkCreateImageView", name: name) { vkCreateImageView($0, &info, nil, $1) }
    }
}

extension VkImageSubresourceRange {
    /// The one level and layer of a colour image.
    static var color: VkImageSubresourceRange {
        VkImageSubresourceRange(
            aspectMask: VK_IMAGE_ASPECT_COLOR_BIT.rawValue, baseMipLevel: 0, levelCount: 1, baseArrayLayer: 0,
            layerCount: 1)
    }
}

extension VkImageSubresourceLayers {
    /// The one level and layer of a colour image.
    static var color: VkImageSubresourceLayers {
        VkImageSubresourceLayers(
            aspectMask: VK_IMAGE_ASPECT_COLOR_BIT.rawValue, mipLevel: 0, baseArrayLayer: 0, layerCount: 1)
    }
}
