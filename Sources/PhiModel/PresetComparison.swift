/// A field in which two presets differ.
public struct PresetDifference: Sendable, Equatable {
    /// Its path, such as "channels[2].amplitude".
    public let field: String
    /// What the first has; nil where it leaves the field out.
    public let a: JSONValue?
    /// What the second has.
    public let b: JSONValue?
}

extension Preset {
    /// The fields in which this preset and another differ, as they are written, by path in alphabetical order. Their names,
    /// which always differ, are left out.
    public func differences(from other: Preset) throws -> [PresetDifference] {
        let mine = try JSONValue(encoding: self).leaves, theirs = try JSONValue(encoding: other).leaves
        return Set(mine.keys).union(theirs.keys).subtracting(["name"]).sorted().compactMap { field in
            mine[field] == theirs[field] ? nil : PresetDifference(field: field, a: mine[field], b: theirs[field])
        }
    }
}
