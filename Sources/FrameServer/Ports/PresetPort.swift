public import PhiModel

/// Presets: what there is, on the disk and on the running engine and renderer. The command line connects it.
///
/// What throws, throws `PresetRefusal`.
public protocol PresetPort: Sendable {
    /// The presets that there are, in alphabetical order, and files that are none. Reads files.
    func presets() async -> [ListedPreset]
    /// One of them. Reads a file.
    func preset(_ id: String) async throws -> NamedPreset
    /// Checks a document, its scene as well.
    func check(_ document: JSONValue) throws -> Preset
    /// Keeps a preset. Writes a file.
    /// - Parameter collision: What is done where there is one of that name.
    func add(_ document: JSONValue, collision: PresetCollisionWish) async throws -> AddedPreset
    /// Keeps a preset under an id, over the one that there is. Writes a file.
    func put(_ preset: Preset, as id: String) async throws
    /// Deletes a preset. Deletes a file.
    func delete(_ id: String) async throws
    /// Keeps several. Writes files.
    /// - Parameters:
    ///   - document: A bundle, a list of presets, or one.
    ///   - isTrial: Nothing is written: what is told would be done.
    func importBundle(
        _ document: JSONValue, collision: PresetCollisionWish, isTrial: Bool
    ) async throws
        -> [ImportedPreset]
    /// Several as one document. Reads files.
    /// - Parameter ids: Which; nil for all that are right.
    func exportBundle(_ ids: [String]?) async throws -> JSONValue

    /// Changes engine and renderer to a preset.
    /// - Parameters:
    ///   - preset: With an id where it is kept; nil for one that is not.
    ///   - seconds: How long the transition takes; nil for what the preset says.
    /// - Returns: What the picture changes to, and how.
    func load(_ preset: Preset, id: String?, seconds: Double?) -> PresetChange
    /// What engine and renderer do now, as a preset.
    func running(name: String) -> Preset
    /// The id of the preset that was loaded last; nil where none was, or one that is not kept.
    var loaded: String? { get }
}

/// A preset with what it is asked for by.
public struct NamedPreset: Sendable {
    /// The name of its file without extension.
    public var id: String
    /// Whether it came with the program, and cannot be deleted.
    public var isShipped: Bool
    /// What it says.
    public var preset: Preset

    public init(id: String, isShipped: Bool, preset: Preset) {
        self.id = id
        self.isShipped = isShipped
        self.preset = preset
    }
}

/// A preset's file.
public struct ListedPreset: Sendable {
    /// The name of its file without extension.
    public var id: String
    /// Whether it came with the program.
    public var isShipped: Bool
    /// What it says; nil where the file cannot be used.
    public var preset: Preset?
    /// Why it cannot be used: sentences.
    public var problems: [String]

    public init(id: String, isShipped: Bool, preset: Preset?, problems: [String] = []) {
        self.id = id
        self.isShipped = isShipped
        self.preset = preset
        self.problems = problems
    }
}

/// What is done where there is a preset of the same name.
public enum PresetCollisionWish: String, Sendable, CaseIterable {
    case prompt, overwrite
    case newCopy = "new_copy"
    case merge
}

/// A preset that was kept.
public struct AddedPreset: Sendable {
    public var id: String
    public var preset: Preset
    /// "created", "overwritten", "copied", "merged" or "unchanged".
    public var action: String

    public init(id: String, preset: Preset, action: String) {
        self.id = id
        self.preset = preset
        self.action = action
    }
}

/// What became of one preset of several.
public struct ImportedPreset: Sendable, Encodable {
    public var name: String?
    /// Nil where it was left out.
    public var id: String?
    /// As `AddedPreset` has it, or "conflict" or "invalid".
    public var action: String
    /// Why it was left out: a sentence.
    public var reason: String?

    public init(name: String?, id: String?, action: String, reason: String?) {
        self.name = name
        self.id = id
        self.action = action
        self.reason = reason
    }
}

/// Why something is not done with presets.
public struct PresetRefusal: Error {
    /// What sort of reason it is.
    public enum Kind: Sendable {
        /// There is no such preset.
        case missing
        /// There is one of that name.
        case conflict
        /// What was sent is no JSON of a preset, or an id is none.
        case malformed
        /// A preset that cannot be: a field is wrong.
        case invalid
        /// It came with the program.
        case readOnly
        /// Nothing more can be stored.
        case storage
    }

    public var kind: Kind
    /// One sentence: what is wrong, and what to do.
    public var sentence: String

    public init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
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
