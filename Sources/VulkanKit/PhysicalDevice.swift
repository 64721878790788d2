import CVulkan

/// A Vulkan device of this machine, as its driver describes it.
///
/// `@unchecked Sendable`: an immutable value; the handle is only read, by calls that need no external synchronisation.
public struct PhysicalDevice: @unchecked Sendable {
    /// What sort of processor it is.
    public enum Kind: String, Sendable {
        case discrete, integrated, virtual, software, other

        /// The order of preference, best first.
        var rank: Int {
            switch self {
            case .discrete: 0
            case .integrated: 1
            case .virtual: 2
            case .other: 3
            case .software: 4
            }
        }
    }

    let handle: VkPhysicalDevice
    /// The position in the driver's own list, by which users name it.
    public let index: Int
    public let name: String
    public let kind: Kind
    /// Name and version of the driver, such as "llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)".
    public let driver: String
    /// The version of Vulkan, such as "1.3.230".
    public let apiVersion: String
    /// The longest side that an image can have, pixels.
    public let largestImageSide: Int
    /// Nanoseconds a timestamp tick; 0 where there are none.
    let timestampPeriod: Double
    let queueFamily: UInt32?
    /// What is missing for this renderer, in words; empty where the device can be used.
    public let shortcomings: [String]

    /// Why the device cannot be used, as part of a sentence.
    var refusal: String { "\(name) lacks \(shortcomings.joined(separator: " and "))" }

    init(handle: VkPhysicalDevice, index: Int) {
        self.handle = handle
        self.index = index
        var driverProperties = VkPhysicalDeviceDriverProperties()
        driverProperties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES
        var properties = VkPhysicalDeviceProperties2()
        properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2
        withUnsafeMutablePointer(to: &driverProperties) {
            properties.pNext = UnsafeMutableRawPointer($0)
            vkGetPhysicalDeviceProperties2(handle, &properties)
        }
        let core = properties.properties
        name = string(fromCharacters: core.deviceName)
        kind =
            switch core.deviceType {
            case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: .discrete
            case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: .integrated
            case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: .virtual
            case VK_PHYSICAL_DEVICE_TYPE_CPU: .software
            default: .other
            }
        let driverName = string(fromCharacters: driverProperties.driverName)
        driver = "\(driverName), \(string(fromCharacters: driverProperties.driverInfo))"
        let version = core.apiVersion
        apiVersion = "\(cvk_version_major(version)).\(cvk_version_minor(version)).\(cvk_version_patch(version))"
        largestImageSide = Int(core.limits.maxImageDimension2D)
        queueFamily = Self.findQueueFamily(handle)
        timestampPeriod =
            core.limits.timestampComputeAndGraphics == VK_TRUE ? Double(core.limits.timestampPeriod) : 0
        var missing: [String] = []
        if version < cvk_api_version_1_3 {
            missing.append("Vulkan 1.3 (it has \(apiVersion))")
        } else {
            missing += Self.missingFeatures(handle)
        }
        if queueFamily == nil { missing.append("a graphics queue") }
        shortcomings = missing
    }

    private static func findQueueFamily(_ device: VkPhysicalDevice) -> UInt32? {
        var count: UInt32 = 0
        vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nil)
        var families = [VkQueueFamilyProperties](repeating: VkQueueFamilyProperties(), count: Int(count))
        vkGetPhysicalDeviceQueueFamilyProperties(device, &count, &families)
        return families.firstIndex { $0.queueFlags & VK_QUEUE_GRAPHICS_BIT.rawValue != 0 }.map(UInt32.init)
    }

    private static func missingFeatures(_ device: VkPhysicalDevice) -> [String] {
        var thirteen = VkPhysicalDeviceVulkan13Features()
        thirteen.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES
        var twelve = VkPhysicalDeviceVulkan12Features()
        twelve.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES
        var features = VkPhysicalDeviceFeatures2()
        features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2
        withUnsafeMutablePointer(to: &thirteen) { thirteen in
            twelve.pNext = UnsafeMutableRawPointer(thirteen)
            withUnsafeMutablePointer(to: &twelve) { twelve in
                features.pNext = UnsafeMutableRawPointer(twelve)
                vkGetPhysicalDeviceFeatures2(device, &features)
            }
        }
        var missing: [String] = []
        if thirteen.dynamicRendering != VK_TRUE { missing.append("dynamic rendering") }
        if thirteen.synchronization2 != VK_TRUE { missing.append("synchronization2") }
        if twelve.timelineSemaphore != VK_TRUE { missing.append("timeline semaphores") }
        return missing
    }

    /// Whether the device has an extension.
    func supports(_ deviceExtension: String) throws(VulkanError) -> Bool {
        let present = try enumerate("vkEnumerateDeviceExtensionProperties", VkExtensionProperties()) {
            vkEnumerateDeviceExtensionProperties(handle, nil, $0, $1)
        }
        return present.contains { string(fromCharacters: $0.extensionName) == deviceExtension }
    }
}
