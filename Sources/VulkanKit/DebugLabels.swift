import CVulkan

/// Names for the parts of a command buffer, as validation messages and graphics debuggers show them.
///
/// `@unchecked Sendable`: two function pointers of the driver, which never change.
struct DebugLabels: @unchecked Sendable {
    private let beginLabel: PFN_vkCmdBeginDebugUtilsLabelEXT
    private let endLabel: PFN_vkCmdEndDebugUtilsLabelEXT

    /// Nil where the instance was made without them.
    init?(_ device: VkDevice) {
        guard let begin = vkGetDeviceProcAddr(device, "vkCmdBeginDebugUtilsLabelEXT"),
            let end = vkGetDeviceProcAddr(device, "vkCmdEndDebugUtilsLabelEXT")
        else { return nil }
        beginLabel = unsafeBitCast(begin, to: PFN_vkCmdBeginDebugUtilsLabelEXT.self)
        endLabel = unsafeBitCast(end, to: PFN_vkCmdEndDebugUtilsLabelEXT.self)
    }

    func begin(_ buffer: VkCommandBuffer, _ name: StaticString) {
        var label = VkDebugUtilsLabelEXT()
        label.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_LABEL_EXT
        // A literal ends with a zero.
        label.pLabelName = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        beginLabel(buffer, &label)
    }

    func end(_ buffer: VkCommandBuffer) { endLabel(buffer) }
}
