/// What the server needs of the renderer. The command line connects the two.
public protocol RendererPort: Sendable {
    /// Fixed while the renderer runs.
    var description: RendererDescription { get }
    /// The scenes that can be shown, in the order of menus.
    var scenes: [SceneDescription] { get }
    /// The name of the scene that is shown.
    var currentScene: String { get }
    /// Shows another scene from the next frame on. False where there is none of that name.
    func showScene(_ name: String) -> Bool
}

/// The renderer as it was started.
public struct RendererDescription: Sendable {
    /// The Vulkan device's name, such as "llvmpipe (LLVM 15.0.6, 256 bits)".
    public var device: String
    /// Name and version of the driver.
    public var driver: String
    /// Whether the device is a processor.
    public var isSoftware: Bool
    /// Pixels.
    public var width: Int
    /// Pixels.
    public var height: Int
    /// Frames a second, above 0, that the renderer aims for.
    public var targetFPS: Int
    /// The quality level, 0 … 5.
    public var quality: Int

    /// A description; nothing is checked.
    public init(
        device: String, driver: String, isSoftware: Bool, width: Int, height: Int, targetFPS: Int, quality: Int
    ) {
        self.device = device
        self.driver = driver
        self.isSoftware = isSoftware
        self.width = width
        self.height = height
        self.targetFPS = targetFPS
        self.quality = quality
    }
}

/// A scene, as the dashboard lists it.
public struct SceneDescription: Sendable, Codable, Equatable {
    /// What it is asked for by, such as "spectral".
    public var name: String
    /// One sentence on what it shows.
    public var summary: String

    /// A scene by name and sentence.
    public init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}
