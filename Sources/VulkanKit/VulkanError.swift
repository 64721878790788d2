import CVulkan

/// Why Vulkan cannot be used, or what went wrong in using it.
public enum VulkanError: Error, Equatable, CustomStringConvertible {
    /// The loader found no driver that works.
    case noDriver
    /// There are devices, but none has what is needed; one reason a device.
    case noUsableDevice([String])
    /// No device has this index or name; the names that there are.
    case unknownDevice(String, available: [String])
    /// A layer that was asked for is not installed.
    case layerMissing(String)
    /// The device stopped working.
    case deviceLost
    /// Host or device memory is used up.
    case outOfMemory(call: String)
    /// Any other failure of a call, with its VkResult.
    case failed(call: String, result: Int32)

    public var description: String {
        switch self {
        case .noDriver:
            "No Vulkan driver was found; install one (apt-get install mesa-vulkan-drivers) or mend VK_DRIVER_FILES."
        case .noUsableDevice(let reasons):
            "No Vulkan device can be used (\(reasons.joined(separator: "; "))); install a driver for Vulkan 1.3 or later."
        case .unknownDevice(let wanted, let available):
            "There is no Vulkan device '\(wanted)'; choose one of: \(available.joined(separator: ", "))."
        case .layerMissing(let name):
            "The Vulkan layer \(name) is missing; install it (apt-get install vulkan-validationlayers)."
        case .deviceLost:
            "The Vulkan device was lost; its driver or the device itself failed. Look at the system log, then start again."
        case .outOfMemory(let call):
            "\(call) ran out of memory; choose a smaller --size."
        case .failed(let call, let result):
            "\(call) failed with VkResult \(result); this is a fault of the driver or of this program."
        }
    }

    /// Throws what a result other than success means.
    static func check(_ result: VkResult, _ call: String) throws(VulkanError) {
        switch result {
        case VK_SUCCESS: return
        case VK_ERROR_DEVICE_LOST: throw .deviceLost
        case VK_ERROR_OUT_OF_HOST_MEMORY, VK_ERROR_OUT_OF_DEVICE_MEMORY: throw .outOfMemory(call: call)
        case VK_ERROR_INCOMPATIBLE_DRIVER: throw .noDriver
        default: throw .failed(call: call, result: result.rawValue)
        }
    }
}

/// Runs a Vulkan enumeration twice: once for the count, once for the elements.
func enumerate<Element>(
    _ call: String, _ filler: Element,
    _ body: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<Element>?) -> VkResult
) throws(VulkanError) -> [Element] {
    var count: UInt32 = 0
    try VulkanError.check(body(&count, nil), call)
    guard count > 0 else { return [] }
    var elements = [Element](repeating: filler, count: Int(count))
    let result = elements.withUnsafeMutableBufferPointer { body(&count, $0.baseAddress) }
    // A list that grew between the two calls is cut to what was asked for, which is enough.
    if result != VK_INCOMPLETE { try VulkanError.check(result, call) }
    return Array(elements.prefix(Int(count)))
}

/// The text of a fixed C array of characters.
func string<Tuple>(fromCharacters tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
