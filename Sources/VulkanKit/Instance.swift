import CVulkan

/// A Vulkan 1.3 instance.
///
/// `@unchecked Sendable`: the handle never changes, and the calls made with it (enumeration, creation of surfaces) need
/// no external synchronisation of the instance.
public final class Instance: @unchecked Sendable {
    /// For window libraries.
    public let handle: VkInstance
    private var messenger: VkDebugUtilsMessengerEXT?
    /// Where validation messages go; nil without validation.
    public let validationLog: ValidationLog?

    private static let validationLayer = "VK_LAYER_KHRONOS_validation"

    /// - Parameters:
    ///   - validationLog: Turns the validation layer on, with synchronisation validation, and takes its messages.
    ///   - extensions: Instance extensions to enable.
    public init(validationLog: ValidationLog? = nil, extensions: [String] = []) throws(VulkanError) {
        self.validationLog = validationLog
        var layers: [String] = []
        var extensions = extensions
        if validationLog != nil {
            let present = try enumerate("vkEnumerateInstanceLayerProperties", VkLayerProperties()) {
                vkEnumerateInstanceLayerProperties($0, $1)
            }
            guard present.contains(where: { string(fromCharacters: $0.layerName) == Self.validationLayer }) else {
                throw .layerMissing(Self.validationLayer)
            }
            layers.append(Self.validationLayer)
            extensions.append(VK_EXT_DEBUG_UTILS_EXTENSION_NAME)
        }
        handle = try Self.create(layers: layers, extensions: extensions, synchronisation: validationLog != nil)
        if let validationLog { messenger = try Self.createMessenger(handle, validationLog) }
    }

    deinit {
        if let messenger,
            let destroy = procedure("vkDestroyDebugUtilsMessengerEXT", as: PFN_vkDestroyDebugUtilsMessengerEXT.self)
        {
            destroy(handle, messenger, nil)
        }
        vkDestroyInstance(handle, nil)
    }

    private static func create(
        layers: [String], extensions: [String], synchronisation: Bool
    ) throws(VulkanError) -> VkInstance {
        var application = VkApplicationInfo()
        application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO
        application.apiVersion = cvk_api_version_1_3
        var features = VkValidationFeaturesEXT()
        features.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT
        var enabled = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT
        var info = VkInstanceCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO
        var instance: VkInstance?
        let result = withCStrings(layers) { layerNames in
            withCStrings(extensions) { extensionNames in
                withUnsafePointer(to: &application) { application in
                    withUnsafePointer(to: &enabled) { enabled in
                        features.enabledValidationFeatureCount = 1
                        features.pEnabledValidationFeatures = enabled
                        return withUnsafePointer(to: &features) { features in
                            info.pNext = synchronisation ? UnsafeRawPointer(features) : nil
                            info.pApplicationInfo = application
                            info.enabledLayerCount = UInt32(layerNames.count)
                            info.ppEnabledLayerNames = layerNames.baseAddress
                            info.enabledExtensionCount = UInt32(extensionNames.count)
                            info.ppEnabledExtensionNames = extensionNames.baseAddress
                            return vkCreateInstance(&info, nil, &instance)
                        }
                    }
                }
            }
        }
        try VulkanError.check(result, "vkCreateInstance")
        guard let instance else { throw .noDriver }
        return instance
    }

    private static func createMessenger(
        _ instance: VkInstance, _ log: ValidationLog
    ) throws(VulkanError) -> VkDebugUtilsMessengerEXT? {
        guard let address = vkGetInstanceProcAddr(instance, "vkCreateDebugUtilsMessengerEXT") else {
            throw .layerMissing(Self.validationLayer)
        }
        let create = unsafeBitCast(address, to: PFN_vkCreateDebugUtilsMessengerEXT.self)
        var info = VkDebugUtilsMessengerCreateInfoEXT()
        info.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT
        info.messageSeverity =
            VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT.rawValue
            | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT.rawValue
        info.messageType =
            VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT.rawValue
            | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT.rawValue
        info.pfnUserCallback = receiveValidationMessage
        // The instance keeps the log alive for as long as the messenger is.
        info.pUserData = Unmanaged.passUnretained(log).toOpaque()
        var messenger: VkDebugUtilsMessengerEXT?
        try VulkanError.check(create(instance, &info, nil, &messenger), "vkCreateDebugUtilsMessengerEXT")
        return messenger
    }

    private func procedure<Function>(_ name: String, as type: Function.Type) -> Function? {
        vkGetInstanceProcAddr(handle, name).map { unsafeBitCast($0, to: Function.self) }
    }

    /// Every device of every driver, best first: discrete, integrated, virtual, software.
    public func physicalDevices() throws(VulkanError) -> [PhysicalDevice] {
        let handles = try enumerate("vkEnumeratePhysicalDevices", VkPhysicalDevice?.none) {
            vkEnumeratePhysicalDevices(handle, $0, $1)
        }
        var devices: [PhysicalDevice] = []
        for (index, found) in handles.enumerated() {
            guard let found else { continue }
            devices.append(PhysicalDevice(handle: found, index: index))
        }
        return devices.sorted { ($0.kind.rank, $0.index) < ($1.kind.rank, $1.index) }
    }

    /// The device to use: the one asked for by index or by a part of its name, else the best that can be used.
    /// - Parameter surface: A window that the device has to be able to show pictures in.
    public func choosePhysicalDevice(
        _ wanted: String? = nil, for surface: Surface? = nil
    ) throws(VulkanError) -> PhysicalDevice {
        let all = try physicalDevices()
        guard !all.isEmpty else { throw .noDriver }
        var candidates = all
        if let wanted {
            let lowered = wanted.lowercased()
            guard
                let device = all.first(where: { String($0.index) == wanted })
                    ?? all.first(where: { $0.name.lowercased().contains(lowered) })
            else { throw .unknownDevice(wanted, available: all.map { "\($0.index) (\($0.name))" }) }
            candidates = [device]
        }
        var refusals: [String] = []
        for device in candidates {
            if !device.shortcomings.isEmpty {
                refusals.append(device.refusal)
            } else if let surface, try !surface.isSupported(by: device) {
                refusals.append("\(device.name) cannot show pictures in this window")
            } else {
                return device
            }
        }
        throw .noUsableDevice(refusals)
    }
}

/// Calls `body` with `strings` as an array of C strings.
func withCStrings<R>(_ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> R) -> R {
    let bytes = strings.flatMap { Array($0.utf8CString) }
    return bytes.withUnsafeBufferPointer { storage in
        var pointers: [UnsafePointer<CChar>?] = []
        var offset = 0
        for string in strings {
            pointers.append(storage.baseAddress.map { $0 + offset })
            offset += string.utf8.count + 1
        }
        return pointers.withUnsafeBufferPointer(body)
    }
}
