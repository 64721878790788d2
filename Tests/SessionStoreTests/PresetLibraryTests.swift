import Foundation
import PhiModel
import Testing

@testable import SessionStore

@Suite("Presets on the disk")
struct PresetLibraryTests {
    /// A library of two shipped presets, in a folder that is removed afterwards.
    private func withLibrary(_ body: (PresetLibrary, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "presets-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["calm", "loud"] {
            try write(
                #"{"name": "\#(name)", "scene": "field", "phi": {"depth": 1}}"#, "shipped/\(name).json", in: folder)
        }
        try write("{}", "shipped/preset.schema.json", in: folder)
        let library = PresetLibrary(
            own: folder.appending(path: "own").path, shipped: [folder.appending(path: "shipped").path],
            scenes: ["field", "matrix"])
        try body(library, folder)
    }

    private func write(_ text: String, _ name: String, in folder: URL) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func add(
        _ library: PresetLibrary, _ json: String, _ collision: PresetCollision = .prompt, isTrial: Bool = false
    ) throws -> PresetLibrary.Addition {
        try library.add(
            try JSONValue(json: Data(json.utf8)), source: "test", collision: collision, isTrial: isTrial)
    }

    private func names(_ library: PresetLibrary) -> [String] { library.entries.map(\.id) }

    @Test("what is added is there, and read back as it was")
    func adding() throws {
        try withLibrary { library, folder in
            let added = try add(
                library, #"{"name": "my look", "phi": {"depth": 0.1}, "channels": [{"frequency": 0.7}]}"#)
            #expect(added.id == "my_look" && added.action == .created)
            #expect(names(library) == ["calm", "loud", "my_look"])
            let entry = try library.entry("my_look")
            #expect(!entry.isShipped)
            #expect(try library.read(entry) == added.preset)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "own").path)
            #expect(files == ["my_look.json"])
        }
    }

    @Test("a collision is told, overwritten, copied or merged")
    func collisions() throws {
        try withLibrary { library, _ in
            _ = try add(library, #"{"name": "mine", "scene": "field", "phi": {"depth": 1, "phase": 2}}"#)
            #expect(throws: PresetStoreError.self) { _ = try add(library, #"{"name": "mine"}"#) }
            #expect(
                try add(library, #"{"name": "mine", "scene": "field", "phi": {"depth": 1, "phase": 2}}"#).action
                    == .unchanged)
            let copy = try add(library, #"{"name": "mine"}"#, .newCopy)
            #expect(copy.id == "mine_2" && copy.preset.name == "mine 2" && copy.action == .copied)
            #expect(try add(library, #"{"name": "mine"}"#, .newCopy).id == "mine_3")
            let merged = try add(library, #"{"name": "mine", "phi": {"depth": 0.5}}"#, .merge)
            #expect(merged.id == "mine" && merged.preset.scene == "field")
            #expect(merged.preset.phi?.depth == 0.5 && merged.preset.phi?.phase == 2)
            let over = try add(library, #"{"name": "mine", "scene": "matrix"}"#, .overwrite)
            #expect(over.action == .overwritten && over.preset.phi == nil)
            #expect(try library.read(try library.entry("mine")) == over.preset)
            #expect(names(library) == ["calm", "loud", "mine", "mine_2", "mine_3"])
        }
    }

    @Test("a name of another file collides as well")
    func otherFile() throws {
        try withLibrary { library, folder in
            try write(#"{"name": "sunrise"}"#, "own/a.json", in: folder)
            #expect(throws: PresetStoreError.self) { _ = try add(library, #"{"name": "sunrise", "scene": "field"}"#) }
            #expect(try add(library, #"{"name": "sunrise", "scene": "field"}"#, .overwrite).id == "a")
        }
    }

    @Test("what came with the program stays: one's own copy goes before it, and can be deleted")
    func shipped() throws {
        try withLibrary { library, folder in
            let file = folder.appending(path: "shipped/calm.json")
            let before = try Data(contentsOf: file)
            #expect(throws: PresetStoreError.self) { try library.delete("calm") }
            #expect(throws: PresetStoreError.self) { _ = try add(library, #"{"name": "calm"}"#) }
            try library.put(Preset(name: "calm"), as: "calm")
            #expect(try !library.entry("calm").isShipped)
            #expect(try library.read(try library.entry("calm")).scene == nil)
            #expect(try Data(contentsOf: file) == before)
            try library.delete("calm")
            #expect(try library.entry("calm").isShipped)
            #expect(try library.read(try library.entry("calm")).scene == "field")
        }
    }

    @Test(
        "an id is a name, never a path",
        arguments: ["", ".", "..", "../x", "a/b", "a.b", "/etc/passwd", "a\u{0}", "\n"])
    func paths(id: String) throws {
        try withLibrary { library, folder in
            #expect(throws: PresetStoreError.self) { try library.put(Preset(name: "x"), as: id) }
            #expect(throws: PresetStoreError.self) { _ = try library.entry(id) }
            #expect(throws: PresetStoreError.self) { try library.delete(id) }
            #expect(names(library) == ["calm", "loud"])
        }
    }

    @Test("a long name of wide letters is refused where no file can have it")
    func longNames() throws {
        try withLibrary { library, _ in
            let name = String(repeating: "𐐷", count: 64)
            #expect(throws: PresetStoreError.self) { _ = try add(library, #"{"name": "\#(name)"}"#) }
        }
    }

    @Test("a trial writes nothing")
    func trial() throws {
        try withLibrary { library, _ in
            let created = try add(library, #"{"name": "mine"}"#, isTrial: true)
            let overwritten = try add(library, #"{"name": "calm"}"#, .overwrite, isTrial: true)
            #expect(created.action == .created && overwritten.action == .overwritten)
            #expect(names(library) == ["calm", "loud"])
        }
    }

    @Test("what is exported is imported elsewhere, and what is wrong in it left out")
    func bundles() throws {
        try withLibrary { library, _ in
            _ = try add(library, #"{"name": "mine", "scene": "matrix"}"#)
            let text = try library.bundle(nil).document.json()
            try withLibrary { other, _ in
                let bundle = try #require(PresetBundle(try JSONValue(json: text)))
                let results = try bundle.add(to: other, collision: .prompt, isTrial: false)
                #expect(results.map(\.action) == ["unchanged", "unchanged", "created"])
                #expect(try other.read(try other.entry("mine")).scene == "matrix")
                let mixed = #"[{"name": "calm"}, {"name": "x", "scene": "moon"}, {"name": "y"}, 7]"#
                let second = try #require(PresetBundle(try JSONValue(json: Data(mixed.utf8))))
                let told = try second.add(to: other, collision: .prompt, isTrial: false)
                #expect(told.map(\.action) == ["conflict", "invalid", "created", "invalid"])
                #expect(told.map(\.isLeftOut) == [true, true, false, true])
                #expect(told[1].reason?.contains("moon") == true && told[3].reason?.isEmpty == false)
            }
        }
        #expect(PresetBundle(.number(7)) == nil && PresetBundle(.object(["x": .null])) == nil)
        #expect(PresetBundle(.array(Array(repeating: .null, count: PresetBundle.limit + 1))) == nil)
    }

    @Test("a disk that cannot be written is told")
    func unwritable() throws {
        try withLibrary { _, folder in
            try write("", "file", in: folder)
            let library = PresetLibrary(own: folder.appending(path: "file/own").path, shipped: [], scenes: [])
            #expect(throws: PresetStoreError.self) { try library.put(Preset(name: "x"), as: "x") }
        }
    }
}
