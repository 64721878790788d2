import VulkanKit

/// Why a picture cannot be drawn.
public enum RendererError: Error, Equatable, CustomStringConvertible {
    case vulkan(VulkanError)
    case noFont
    case unreadableFont(String)
    /// The size is beyond what the device can draw; its longest side.
    case tooLarge(width: Int, height: Int, limit: Int)
    /// Every finished picture is still being read.
    case allBuffersBusy
    case unknownScene(String, available: [String])

    public var description: String {
        switch self {
        case .vulkan(let error): error.description
        case .noFont: "No font was found; install one (apt-get install fonts-inter)."
        case .unreadableFont(let path):
            "The font \(path) cannot be read; install it anew (apt-get install fonts-inter)."
        case .tooLarge(let width, let height, let limit):
            "A picture of \(width)x\(height) is too large for this device; no side can be longer than \(limit) pixels."
        case .allBuffersBusy: "Every picture buffer is still being read; end earlier readings first."
        case .unknownScene(let name, let available):
            "There is no scene '\(name)'; choose one of: \(available.joined(separator: ", "))."
        }
    }
}
