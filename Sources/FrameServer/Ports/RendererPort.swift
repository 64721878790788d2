public import PhiModel

/// What the server needs of the renderer. The command line connects the two.
public protocol RendererPort: Sendable {
    /// What draws. Another device may take over; the size stays.
    var description: RendererDescription { get }
    /// Why nothing is drawn at present, in a sentence; nil where something is, or nobody knows.
    var trouble: String? { get }
    /// The scenes that can be shown, in the order of menus.
    var scenes: [SceneDescription] { get }
    /// The name of the scene that is shown.
    var currentScene: String { get }
    /// Changes to another scene, beginning with the next frame. False where there is none of that name.
    func showScene(_ name: String, transition: Transition) -> Bool
    /// The levels of quality that can be asked for, from the least to the most.
    var qualityLevels: [QualityDescription] { get }
    /// How much is drawn now, and why.
    var quality: QualityReport { get }
    /// Asks for another quality, from the next frame on.
    /// - Parameter wish: Automatic, or one of `qualityLevels`; another level is ignored.
    func setQuality(_ wish: QualityWish)
    /// Whether figures are drawn over the picture.
    var isHUDShown: Bool { get }
    /// Draws figures over the picture, or no longer, from the next frame on.
    func showHUD(_ isShown: Bool)
    /// What colours and light follow.
    var colorRule: ColorRule { get }
    /// Lets them follow another rule, from the next frame on.
    func follow(_ rule: ColorRule)
}

extension RendererPort {
    /// A renderer that says nothing else draws.
    public var trouble: String? { nil }
}

/// The renderer as it runs.
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

    /// A description; nothing is checked.
    public init(
        device: String, driver: String, isSoftware: Bool, width: Int, height: Int, targetFPS: Int
    ) {
        self.device = device
        self.driver = driver
        self.isSoftware = isSoftware
        self.width = width
        self.height = height
        self.targetFPS = targetFPS
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
