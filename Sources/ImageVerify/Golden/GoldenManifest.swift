import Foundation

/// Why a manifest cannot be used. The description is one plain sentence: the file, the case, and what is wrong.
public struct ManifestError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong, as the end of a sentence.
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "The manifest \(path) \(reason)." }
}

/// The golden cases of a folder: `manifest.json`, with the golden pictures, the inputs and the approvals beside it.
public struct GoldenManifest: Sendable {
    /// The version of the schema that this program reads.
    public static let schema = "phi-goldens.v1"

    private struct Document: Decodable {
        let schema: String
        let tolerances: [String: GoldenTolerance]
        let cases: [GoldenCase]
    }

    /// The folder that the manifest is in.
    public let folder: URL
    /// In the order of the file.
    public let cases: [GoldenCase]
    /// By name.
    public let tolerances: [String: GoldenTolerance]

    /// Reads and checks a manifest.
    /// - Parameter scenes: The scenes there are.
    /// - Throws: `ImageFileError` where the file cannot be read, `ManifestError` where it is wrong.
    public init(path: String, scenes: [String]) throws {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw ImageFileError.unreadable(path: path, reason: ImageFile.reason(error))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let document: Document
        do { document = try decoder.decode(Document.self, from: data) } catch {
            throw ManifestError(path: path, reason: Self.explain(error))
        }
        guard document.schema == Self.schema else {
            throw ManifestError(
                path: path, reason: "is of schema '\(document.schema)'; this version reads '\(Self.schema)'")
        }
        folder = URL(filePath: path).deletingLastPathComponent()
        cases = document.cases
        tolerances = document.tolerances
        if let fault = fault(scenes: scenes) { throw ManifestError(path: path, reason: fault) }
    }

    private static func explain(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.reduce(into: "") { text, key in
                text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context):
            "lacks '\(key.stringValue)' in \(place(context).isEmpty ? "the document" : place(context))"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "has a value of the wrong type at \(place(context))"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            "has a value that is out of range at \(place(context))"
        default: "is no valid JSON"
        }
    }

    private func fault(scenes: [String]) -> String? {
        for (name, tolerance) in tolerances.sorted(by: { $0.key < $1.key }) {
            if let fault = tolerance.fault { return "is wrong: the tolerance '\(name)' \(fault)" }
        }
        var seen: Set<String> = []
        for item in cases {
            guard Self.isFileName(item.name) else {
                return "has a case '\(item.name)'; name it with letters, digits, '-', '_' and '.', 100 at most"
            }
            if !seen.insert(item.name).inserted { return "has the case '\(item.name)' twice; rename one" }
            if let fault = Self.fault(item, scenes: scenes, tolerances: tolerances) {
                return "is wrong: the case '\(item.name)' \(fault)"
            }
        }
        return cases.isEmpty ? "has no cases" : nil
    }

    private static func fault(_ item: GoldenCase, scenes: [String], tolerances: [String: GoldenTolerance]) -> String? {
        let known = scenes.joined(separator: ", ")
        for scene in [item.scene, item.outgoing?.scene].compactMap({ $0 }) where !scenes.contains(scene) {
            return "has the scene '\(scene)', which is none of \(known)"
        }
        if tolerances[item.tolerance] == nil { return "has the tolerance '\(item.tolerance)', which is not defined" }
        if item.pixels == nil { return "has the size '\(item.size)'; give WIDTHxHEIGHT with sides of 16 to 16384" }
        if !(item.time.isFinite && (0...86_400).contains(item.time)) {
            return "has the time \(item.time); give 0 to 86400"
        }
        if let quality = item.quality, !(0...5).contains(quality) { return "has quality \(quality); give 0 to 5" }
        if let progress = item.outgoing?.progress, !(0...1).contains(progress) {
            return "has the progress \(progress); give 0 to 1"
        }
        if item.why.isEmpty { return "does not say why it is there" }
        return nil
    }

    /// Whether a name can be that of a file, and of nothing outside of its folder.
    static func isFileName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || [0x2D, 0x5F, 0x2E].contains($0)
            }
    }

    /// The golden picture of a case.
    public func golden(_ item: GoldenCase) -> String { folder.appending(path: "\(item.name).png").path }

    /// A file that an input names, which has to be beside the manifest.
    public func input(_ name: String) throws(ManifestError) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.isEmpty, parts.allSatisfy({ Self.isFileName(String($0)) }) else {
            throw ManifestError(
                path: folder.appending(path: "manifest.json").path,
                reason: "names the input '\(name)', which is not a file beside it")
        }
        return folder.appending(path: name).path
    }
}
