import Foundation
import ProgramHarness
import Testing

@Suite("presets")
struct PresetCommandTests {
    private static let names = [
        "aurora", "deep", "default", "edge", "flow", "golden_ratio", "minimal", "peak",
    ]

    private func write(_ json: String, _ name: String, in program: PhiMatrixProgram) throws {
        let folder = program.folder.appending(path: "data/presets")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(json.utf8).write(to: folder.appending(path: name))
    }

    @Test("list has what came with the program and the person's own, and says of a broken one why")
    func list() async throws {
        try await withProgram { program in
            let shipped = try await program.run(["presets", "list"])
            #expect(shipped.status == 0)
            let lines = shipped.text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).first ?? "" }
            #expect(lines.map(String.init) == Self.names)

            try write(#"{"name": "mine", "scene": "matrix", "tags": ["a"]}"#, "mine.json", in: program)
            try write("{", "broken.json", in: program)
            let outcome = try await program.run(["presets", "list", "--json"])
            #expect(outcome.status == 0)
            let rows = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [[String: Any]])
            #expect(rows.compactMap { $0["name"] as? String } == (Self.names + ["broken", "mine"]).sorted())
            let mine = try #require(rows.first { $0["name"] as? String == "mine" })
            #expect(mine["scene"] as? String == "matrix" && mine["tags"] as? [String] == ["a"] && mine["error"] == nil)
            let broken = try #require(rows.first { $0["name"] as? String == "broken" })
            #expect((broken["error"] as? String)?.contains("not JSON") == true)
        }
    }

    @Test("a preset of one's own goes before the one of the same name that came with the program")
    func own() async throws {
        try await withProgram { program in
            try write(#"{"name": "mine is deep", "scene": "matrix"}"#, "deep.json", in: program)
            let outcome = try await program.run(["presets", "show", "deep"])
            #expect(outcome.text.contains("mine is deep"))
        }
    }

    @Test("show prints what can be read again", arguments: names)
    func show(name: String) async throws {
        try await withProgram { program in
            let outcome = try await program.run(["presets", "show", name])
            #expect(outcome.status == 0)
            let copy = program.path("copy.json")
            try outcome.output.write(to: URL(filePath: copy))
            let again = try await program.run(["presets", "show", copy])
            #expect(again.text == outcome.text && again.text.contains(#""name" : "\#(name)""#))
            #expect(again.text.contains(#""drift""#) == ["aurora", "edge"].contains(name))
            #expect(try await program.run(["presets", "validate", copy]).status == 0)
        }
    }

    @Test("validate names file, field and reason of each wrong one, and what is passed over")
    func validate() async throws {
        try await withProgram { program in
            let good = try await program.run(["presets", "validate"])
            #expect(good.status == 0 && good.errors.isEmpty)
            #expect(good.text == Self.names.map { "\($0).json: OK\n" }.joined())

            try write(#"{"name": "a", "scene": "nebula"}"#, "a.json", in: program)
            try write(#"{"name": "b", "phi": {"depth": 7}}"#, "b.json", in: program)
            try write(#"{"name": "c", "colour": "red", "engine": {"speed": 2}}"#, "c.json", in: program)
            try write(#"{"name": "d", "engine": {"spread": 2.5}}"#, "d.json", in: program)
            let bad = try await program.run(["presets", "validate"])
            #expect(bad.status == 65)
            #expect(bad.text.contains("a.json") && bad.text.contains("scene") && bad.text.contains("nebula"))
            #expect(bad.text.contains("b.json") && bad.text.contains("phi.depth"))
            #expect(bad.text.contains("c.json: the field colour is not known"))
            #expect(bad.text.contains("d.json") && bad.text.contains("engine.spread: 2.5 is not in 0.0 … 2.0"))
            #expect(bad.text.contains("c.json: the field engine.speed is not known"))
            #expect(bad.errors.contains("3 of 12 presets"))
            #expect(try await program.run(["presets", "validate", "c", "deep"]).status == 0)
        }
    }

    @Test("each preset draws another picture, at either moment")
    func pictures() async throws {
        try await withProgram { program in
            var pictures: Set<Data> = []
            for name in Self.names {
                for time in ["12", "47"] {
                    for scene in [[], ["--scene", "breathing"]] {
                        let outcome = try await program.run(
                            ["snapshot", "--output", "-", "--size", "320x180", "--preset", name, "--time", time] + scene
                        )
                        #expect(outcome.status == 0, "\(outcome.errors)")
                        pictures.insert(outcome.output)
                    }
                }
            }
            // Two of the eight show breathing of themselves.
            #expect(pictures.count == 28)
        }
    }
}
