import CVulkan
import Synchronization

/// Collects what the validation layer says.
public final class ValidationLog: Sendable {
    private let collected = Mutex<[String]>([])

    public init() {}

    /// Every warning and error so far.
    public var messages: [String] { collected.withLock { $0 } }

    func append(_ message: String) { collected.withLock { $0.append(message) } }
}

/// Called by the layer on whatever thread made the call that it complains about.
func receiveValidationMessage(
    _ severity: VkDebugUtilsMessageSeverityFlagBitsEXT, _ types: VkDebugUtilsMessageTypeFlagsEXT,
    _ data: UnsafePointer<VkDebugUtilsMessengerCallbackDataEXT>?, _ user: UnsafeMutableRawPointer?
) -> VkBool32 {
    guard let user, let text = data?.pointee.pMessage else { return VK_FALSE }
    Unmanaged<ValidationLog>.fromOpaque(user).takeUnretainedValue().append(String(cString: text))
    return VK_FALSE
}
