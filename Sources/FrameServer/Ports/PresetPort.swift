import PhiModel

/// Presets on the running engine and renderer. The command line connects it.
public protocol PresetPort: Sendable {
    /// The presets that can be used, in alphabetical order. Reads files.
    func presets() async -> [NamedPreset]
    /// One of them; nil where there is none of that name. Throws `PresetError` where its file cannot be used. Reads a file.
    func preset(_ id: String) async throws -> NamedPreset?
    /// Changes engine and renderer to a preset.
    /// - Parameter seconds: How long the transition takes; nil for what the preset says.
    /// - Returns: What the picture changes to, and how.
    func load(_ preset: NamedPreset, seconds: Double?) -> PresetChange
    /// The name of the preset that was loaded last; nil where none was.
    var loaded: String? { get }
}

/// A preset with what it is asked for by.
public struct NamedPreset: Sendable {
    /// The name of its file without extension.
    public var id: String
    /// What it says.
    public var preset: Preset

    public init(id: String, preset: Preset) {
        self.id = id
        self.preset = preset
    }
}

/// What a preset changed the picture to.
public struct PresetChange: Sendable {
    /// The name of the scene.
    public var scene: String
    /// How the picture comes in.
    public var transition: Transition

    public init(scene: String, transition: Transition) {
        self.scene = scene
        self.transition = transition
    }
}
