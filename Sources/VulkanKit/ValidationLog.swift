import CVulkan
import Synchronization

/// Collects what the validation layer says.
public final class ValidationLog: Sendable {
    private let collected = Mutex<[String]>([])

    public init() {}

    /// Every warning and error so far, each with the names of the objects that it is about.
    public var messages: [String] { collected.withLock { $0 } }

    /// Takes out what came since the last call.
    public func take() -> [String] {
        collected.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }

    func append(_ message: String) { collected.withLock { $0.append(message) } }
}

/// Called by the layer on whatever thread made the call that it complains about.
func receiveValidationMessage(
    _ severity: VkDebugUtilsMessageSeverityFlagBitsEXT, _ types: VkDebugUtilsMessageTypeFlagsEXT,
    _ data: UnsafePointer<VkDebugUtilsMessengerCallbackDataEXT>?, _ user: UnsafeMutableRawPointer?
) -> VkBool32 {
    guard let user, let data = data?.pointee, let text = data.pMessage else { return VK_FALSE }
    let objects = UnsafeBufferPointer(start: data.pObjects, count: Int(data.objectCount))
    let names = objects.compactMap { $0.pObjectName }.map { "'\(String(cString: $0))'" }
    let labels = UnsafeBufferPointer(start: data.pCmdBufLabels, count: Int(data.cmdBufLabelCount))
        .compactMap { $0.pLabelName }.map { "'\(String(cString: $0))'" }
    var message = String(cString: text)
    if !names.isEmpty { message += " Objects: \(names.joined(separator: ", "))." }
    if !labels.isEmpty { message += " While recording: \(labels.joined(separator: " in "))." }
    Unmanaged<ValidationLog>.fromOpaque(user).takeUnretainedValue().append(message)
    return VK_FALSE
}
