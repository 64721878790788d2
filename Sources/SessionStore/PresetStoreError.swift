import PhiModel

/// Why presets on the disk do not do what is asked of them. Each description is one plain sentence.
public enum PresetStoreError: Error, CustomStringConvertible {
    /// There is none of that id.
    case missing(id: String, known: [String])
    /// There is one already.
    case exists(id: String)
    /// The id cannot be the name of a file here.
    case badID
    /// It came with the program.
    case shipped(id: String)
    /// What was given is none, or its file is none.
    case invalid(PresetError)
    /// There are as many as there may be.
    case full(limit: Int)
    /// The disk does not take it.
    case unwritable(SessionError)

    public var description: String {
        switch self {
        case .missing(_, let known):
            "There is no preset of that name; there are \(known.joined(separator: ", "))."
        case .exists(let id):
            "There is a preset \(id) already; choose another name, or ask for overwrite, new_copy or merge."
        case .badID: "The id of a preset has 1 to 64 letters, digits, spaces, '-' or '_'."
        case .shipped(let id): "The preset \(id) came with the program and stays; only your own can be deleted."
        case .invalid(let error): error.description
        case .full(let limit): "There are \(limit) presets already, and no more are kept; delete some."
        case .unwritable(let error): error.description
        }
    }
}

/// What is done where a preset of the same name is there already.
public enum PresetCollision: String, Sendable, CaseIterable {
    /// Nothing: whoever asked is told.
    case prompt
    /// The new one takes its place.
    case overwrite
    /// The new one gets another name.
    case newCopy = "new_copy"
    /// What the new one says is put over what the old one says.
    case merge
}
