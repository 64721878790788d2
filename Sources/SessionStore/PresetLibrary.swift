import Foundation
import Glibc
public import PhiModel

/// The presets there are: a person's own in one folder, which can be written, and those that came with the program. Of
/// those with the same id one's own goes first.
///
/// Reads and writes files: call it where waiting is allowed. Writers of one process take turns.
public final class PresetLibrary: Sendable {
    /// One preset's file.
    public struct Entry: Sendable {
        /// What it is asked for by: the file's name without its extension.
        public let id: String
        /// Where it is.
        public let path: String
        /// Whether it came with the program.
        public let isShipped: Bool
    }

    /// How many presets of one's own are kept.
    public static let limit = 1_000
    /// Bytes of a file that are read; a longer one is no preset.
    private static let longestFile = 1 << 20

    private let own: String?
    private let shipped: [String]
    private let scenes: [String]
    private let writing = NSLock()

    /// - Parameters:
    ///   - own: The folder to write to; nil where only the shipped ones count.
    ///   - shipped: Folders with what came with the program, first come first served.
    ///   - scenes: What a preset may name as its scene.
    public init(own: String?, shipped: [String], scenes: [String]) {
        self.own = own
        self.shipped = shipped
        self.scenes = scenes
    }

    /// All presets in alphabetical order, whether their files are right or not.
    public var entries: [Entry] {
        var found: [String: Entry] = [:]
        for (folder, isShipped) in (own.map { [($0, false)] } ?? []) + shipped.map({ ($0, true) }) {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files where file.hasSuffix(".json") {
                let id = String(file.dropLast(".json".count))
                // The schema lies beside the presets.
                guard !id.isEmpty, !id.contains("."), found[id] == nil else { continue }
                found[id] = Entry(id: id, path: "\(folder)/\(file)", isShipped: isShipped)
            }
        }
        return found.values.sorted { $0.id < $1.id }
    }

    /// The entry of an id, looked up among those that there are: an id is no path.
    public func entry(_ id: String) throws(PresetStoreError) -> Entry {
        let all = entries
        guard let entry = all.first(where: { $0.id == id }) else { throw .missing(id: id, known: all.map(\.id)) }
        return entry
    }

    /// Reads one of them and checks all of it.
    public func read(_ entry: Entry) throws(PresetStoreError) -> Preset {
        let name = "\(entry.id).json"
        guard let file = FileHandle(forReadingAtPath: entry.path),
            let data = try? file.read(upToCount: Self.longestFile + 1)
        else {
            throw .invalid(PresetError(source: name, reason: "it cannot be read"))
        }
        guard data.count <= Self.longestFile else {
            throw .invalid(PresetError(source: name, reason: "it is longer than 1 MiB"))
        }
        return try parse(data, source: name)
    }

    /// Reads and checks a preset, its scene as well.
    public func parse(_ json: Data, source: String) throws(PresetStoreError) -> Preset {
        do throws(PresetError) {
            let preset = try Preset(json: json, source: source)
            if let scene = preset.scene, !scenes.contains(scene) {
                throw PresetError(
                    source: source, field: "scene", reason: "'\(scene)' is none of \(scenes.joined(separator: ", "))")
            }
            return preset
        } catch { throw .invalid(error) }
    }

    /// The id that a preset's name gives its file.
    public static func id(of name: String) -> String { name.replacing(" ", with: "_") }

    /// Whether an id can be the name of a file of one's own.
    public static func isValid(_ id: String) -> Bool {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: " -_"))
        return !id.isEmpty && id.count <= 64 && id.utf8.count <= 200 && id.unicodeScalars.allSatisfy(allowed.contains)
    }

    /// Writes a preset of one's own, over the one of that id if there is one. That one came with the program: then this one
    /// goes before it.
    public func put(_ preset: Preset, as id: String) throws(PresetStoreError) {
        writing.lock()
        defer { writing.unlock() }
        try write(preset, id)
    }

    /// Deletes a preset of one's own; where one of the same id came with the program, that one shows again.
    public func delete(_ id: String) throws(PresetStoreError) {
        writing.lock()
        defer { writing.unlock() }
        let entry = try entry(id)
        guard !entry.isShipped else { throw .shipped(id: id) }
        guard unlink(entry.path) == 0 else { throw .unwritable(.unwritable(entry.path, errno)) }
    }

    /// What became of a preset that was added.
    public struct Addition: Sendable {
        /// What was done, in one word.
        public enum Action: String, Sendable {
            case created, overwritten, copied, merged, unchanged
        }

        public let id: String
        public let preset: Preset
        public let action: Action
    }

    /// Adds a preset under an id that its name gives, or the one that a preset of the same name has.
    /// - Parameters:
    ///   - document: The preset as JSON; with `merge` it may leave out what stays.
    ///   - isTrial: Nothing is written.
    public func add(
        _ document: JSONValue, source: String, collision: PresetCollision, isTrial: Bool = false
    ) throws(PresetStoreError) -> Addition {
        writing.lock()
        defer { writing.unlock() }
        var preset = try parse(document, source)
        var id = Self.id(of: preset.name)
        guard Self.isValid(id) else { throw .badID }
        let all = entries
        let rival = all.first { $0.id == id } ?? all.first { (try? read($0))?.name == preset.name }
        var action = Addition.Action.created
        if let rival {
            let old = try? read(rival)
            if old == preset { return Addition(id: rival.id, preset: preset, action: .unchanged) }
            switch collision {
            case .prompt: throw .exists(id: rival.id)
            case .overwrite: (id, action) = (rival.id, .overwritten)
            case .newCopy:
                preset.name = Self.freeName(preset.name, all)
                (id, action) = (Self.id(of: preset.name), .copied)
            case .merge:
                let base = old.flatMap { try? JSONValue(encoding: $0) } ?? .object([:])
                preset = try parse(base.merged(with: document), source)
                (id, action) = (rival.id, .merged)
            }
        }
        if !isTrial { try write(preset, id) }
        return Addition(id: id, preset: preset, action: action)
    }

    /// Several as one document.
    /// - Parameter ids: Which; nil for all that can be read.
    public func bundle(_ ids: [String]?) throws(PresetStoreError) -> PresetBundle {
        var presets: [Preset] = []
        if let ids {
            for id in ids { presets.append(try read(try entry(id))) }
        } else {
            presets = entries.compactMap { try? read($0) }
        }
        do { return try PresetBundle(presets) } catch {
            throw .invalid(PresetError(source: "bundle", reason: "it cannot be written as JSON"))
        }
    }

    private func parse(_ document: JSONValue, _ source: String) throws(PresetStoreError) -> Preset {
        guard let data = try? document.json() else {
            throw .invalid(PresetError(source: source, reason: "it is not JSON"))
        }
        return try parse(data, source: source)
    }

    /// The name with the first number behind it that no preset has, shortened where it would be too long.
    private static func freeName(_ name: String, _ all: [Entry]) -> String {
        let taken = Set(all.map(\.id))
        for n in 2... {
            let candidate = "\(name.prefix(58)) \(n)"
            if !taken.contains(id(of: candidate)) { return candidate }
        }
        return name
    }

    private func write(_ preset: Preset, _ id: String) throws(PresetStoreError) {
        guard Self.isValid(id) else { throw .badID }
        guard let own else { throw .unwritable(.unwritable(path: "the folder of presets", reason: "there is none")) }
        let mine = entries.filter { !$0.isShipped }
        guard mine.count < Self.limit || mine.contains(where: { $0.id == id }) else { throw .full(limit: Self.limit) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try? FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            let data = try encoder.encode(preset)
            try AtomicFile.write(data + Data("\n".utf8), to: "\(own)/\(id).json")
        } catch let error as SessionError {
            throw .unwritable(error)
        } catch {
            throw .invalid(PresetError(source: id, reason: "it cannot be written as JSON"))
        }
    }
}
