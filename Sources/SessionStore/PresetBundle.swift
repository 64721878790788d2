import FoundationEssentials
public import PhiModel

/// Several presets in one JSON document, to be carried to another machine: `{"format": "phi-presets.v1", "presets": […]}`.
public struct PresetBundle: Sendable {
    /// The version of the document.
    public static let format = "phi-presets.v1"
    /// The most presets that are read of one.
    public static let limit = 256

    /// Each as its file has it.
    public let documents: [JSONValue]

    /// Presets to be written.
    public init(_ presets: [Preset]) throws { documents = try presets.map { try JSONValue(encoding: $0) } }

    /// Reads a bundle, a list of presets, or a single one; nil where a document is none of these.
    public init?(_ document: JSONValue) {
        if let list = document["presets"]?.array ?? document.array {
            documents = list
        } else if document["name"] != nil {
            documents = [document]
        } else {
            return nil
        }
        guard documents.count <= Self.limit else { return nil }
    }

    /// The document.
    public var document: JSONValue {
        .object(["format": .string(Self.format), "presets": .array(documents)])
    }

    /// What became of one preset of a bundle.
    public struct Result: Sendable {
        /// What it says it is called; nil where it says nothing.
        public let name: String?
        /// Under what it is kept; nil where it is not.
        public let id: String?
        /// What was done with it: an `Addition.Action`, "conflict" or "invalid".
        public let action: String
        /// Why it was left out: a sentence.
        public let reason: String?

        /// Whether it was left out.
        public var isLeftOut: Bool { id == nil }
    }

    /// Adds each of the presets to a library. One that cannot be added is told of, and the rest go on.
    /// - Parameter isTrial: Nothing is written: what is told would be done.
    /// - Throws: `PresetStoreError` where the disk takes nothing more.
    public func add(
        to library: PresetLibrary, collision: PresetCollision, isTrial: Bool
    ) throws(PresetStoreError) -> [Result] {
        var results: [Result] = []
        for (n, document) in documents.enumerated() {
            let name = document["name"]?.string
            do throws(PresetStoreError) {
                let added = try library.add(
                    document, source: name ?? "number \(n + 1)", collision: collision, isTrial: isTrial)
                results.append(Result(name: name, id: added.id, action: added.action.rawValue, reason: nil))
            } catch {
                switch error {
                case .full, .unwritable: throw error
                case .exists:
                    results.append(Result(name: name, id: nil, action: "conflict", reason: error.description))
                default: results.append(Result(name: name, id: nil, action: "invalid", reason: error.description))
                }
            }
        }
        return results
    }
}
