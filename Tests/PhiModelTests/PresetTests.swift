import Foundation
import Testing

@testable import PhiModel

@Suite("Presets")
struct PresetTests {
    /// The folder presets/ of the repository.
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "presets")
    private static let names = [
        "aurora", "deep", "default", "edge", "flow", "golden_ratio", "minimal", "peak",
    ]

    private static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

    private static func preset(_ name: String) throws -> Preset {
        try Preset(json: data("\(name).json"), source: "\(name).json")
    }

    private func parse(_ json: String) throws(PresetError) -> Preset {
        try Preset(json: Data(json.utf8), source: "mine.json")
    }

    @Test("the eight presets are right: schema, name of the file, sentence, tags, no unknown field", arguments: names)
    func shipped(name: String) throws {
        let preset = try Self.preset(name)
        #expect(preset.schemaVersion == 1 && preset.name == name)
        #expect(preset.description?.isEmpty == false && preset.tags?.isEmpty == false)
        #expect(Preset.unknownFields(in: try Self.data("\(name).json")) == [])
    }

    @Test(
        "each of the eight is a look of its own: ground and accent differ from every other's, and every scene is shown")
    func distinct() throws {
        let all = try Self.names.map { try Self.preset($0) }
        #expect(Set(all.map(\.scene)).count == 6)
        #expect(Set(all.map { "\($0.resolvedLook.center)" }).count == 8)
        #expect(Set(all.map { "\($0.resolvedLook.accent)" }).count == 8)
    }

    @Test(
        "the eight channels of each keep at least 20° of hue between neighbours, wherever Φ stands", arguments: names)
    func hues(name: String) throws {
        let preset = try Self.preset(name)
        var channels = InlineArray<8, ChannelState> { k in
            var channel = ChannelState.standard(k)
            if let all = preset.channels, all.indices.contains(k) {
                channel.frequency = all[k].frequency ?? channel.frequency
            }
            return channel
        }
        let spread = ChannelState.frequencies(of: channels, spread: preset.engine?.spread ?? 1)
        for k in channels.indices { channels[k].frequency = spread[k] }
        let frequencies = ChannelColor.audibleFrequencies(channels)
        for step in 0..<12 {
            let phase = Double(step) * .pi / 6
            var hues = (0..<8).map { k in
                ChannelColor.rotatedHue(ChannelColor.hue(frequency: frequencies[k]), phiPhase: phase)
            }.sorted()
            hues.append(hues[0] + 360)
            for (a, b) in zip(hues, hues.dropFirst()) { #expect(b - a >= 20, "Φ at \(phase): \(a)° and \(b)°") }
        }
    }

    @Test("a preset of a name alone is the default in everything else")
    func defaults() throws {
        let preset = try parse(#"{"name": "bare"}"#)
        #expect(preset.resolvedLook == Look())
        #expect(preset.resolvedTransition == Transition.standard)
        #expect(preset.scene == nil && preset.channels == nil && preset.phi == nil)
    }

    @Test("what a preset says of look and transition is what holds")
    func look() throws {
        let preset = try parse(
            ##"{"name": "x", "look": {"background": ["#102030", "#000000"], "accent": "#FFffff", "glow": 2, "trails": 0,"##
                + ##" "labels": false}, "transition": {"style": "spiral", "seconds": 5}}"##)
        let look = preset.resolvedLook
        #expect(look.center == LinearColor(sRGB: 16 / 255.0, 32 / 255.0, 48 / 255.0))
        #expect(look.corner == LinearColor(sRGB: 0, 0, 0))
        #expect(look.accent == LinearColor(sRGB: 1, 1, 1))
        #expect(look.glow == 2 && look.trails == 0 && !look.hasLabels)
        #expect(preset.resolvedTransition == Transition(style: .spiral, seconds: 5))
    }

    @Test(
        "every mistake is told with file, field and reason",
        arguments: [
            ("", nil, "not JSON"), ("{", nil, "not JSON"), ("[]", nil, "type"), ("{}", "name", "missing"),
            (#"{"name": 3}"#, "name", "type"), (#"{"name": ""}"#, "name", "1 to 64"),
            (#"{"name": "a/b"}"#, "name", "1 to 64"),
            (#"{"name": "\#(String(repeating: "x", count: 65))"}"#, "name", "1 to 64"),
            (#"{"name": "x", "schema_version": 2}"#, "schema_version", "version 1, not 2"),
            (#"{"name": "x", "schema_version": "1"}"#, "schema_version", "type"),
            (#"{"name": "x", "tags": [""]}"#, "tags[0]", "1 to 32"),
            (#"{"name": "x", "tags": ["a", 4]}"#, "tags[1]", "type"),
            (#"{"name": "x", "channels": [{}, {"frequency": 0}]}"#, "channels[1].frequency", "0.001"),
            (#"{"name": "x", "channels": [{"frequency": -5}]}"#, "channels[0].frequency", "-5"),
            (#"{"name": "x", "channels": [{"amplitude": 1.5}]}"#, "channels[0].amplitude", "1.5"),
            (#"{"name": "x", "channels": [{"enabled": "no"}]}"#, "channels[0].enabled", "type"),
            (#"{"name": "x", "channels": [{},{},{},{},{},{},{},{},{}]}"#, "channels", "9"),
            (#"{"name": "x", "channels": [null]}"#, "channels[0]", "null"),
            (#"{"name": "x", "phi": {"depth": 1.7}}"#, "phi.depth", "1.7"),
            (#"{"name": "x", "phi": {"depth": "deep"}}"#, "phi.depth", "type"),
            (#"{"name": "x", "phi": {"frequency": 0}}"#, "phi.frequency", "0.01"),
            (#"{"name": "x", "phi": {"breathing_rate": 11}}"#, "phi.breathing_rate", "11"),
            (#"{"name": "x", "phi": {"phase": 1e300}}"#, "phi.phase", "1e+300"),
            (#"{"name": "x", "phi": []}"#, "phi", "type"),
            (#"{"name": "x", "coupling_strength": 2.1}"#, "coupling_strength", "2.1"),
            (#"{"name": "x", "engine": {"coupling": {"base": -1.5}}}"#, "engine.coupling.base", "-1.0 … 1.0"),
            (#"{"name": "x", "engine": {"coupling": {"swing": 3}}}"#, "engine.coupling.swing", "0.0 … 2.0"),
            (#"{"name": "x", "engine": {"coupling": 1}}"#, "engine.coupling", "type"),
            (#"{"name": "x", "engine": {"spread": -0.1}}"#, "engine.spread", "0.0 … 2.0"),
            (#"{"name": "x", "engine": {"drift": 0.6}}"#, "engine.drift", "0.0 … 0.5"),
            (#"{"name": "x", "engine": {"drift": "a lot"}}"#, "engine.drift", "type"),
            (#"{"name": "x", "look": {"glow": 2.5}}"#, "look.glow", "2.5"),
            (#"{"name": "x", "look": {"trails": -1}}"#, "look.trails", "-1"),
            (##"{"name": "x", "look": {"background": ["#fff", "#000000"]}}"##, "look.background[0]", "#fff"),
            (##"{"name": "x", "look": {"background": ["#000000"]}}"##, "look.background", "two colours"),
            (##"{"name": "x", "look": {"accent": "gold"}}"##, "look.accent", "gold"),
            (#"{"name": "x", "transition": {"style": "wipe"}}"#, "transition.style", "spiral"),
            (#"{"name": "x", "transition": {"seconds": 6}}"#, "transition.seconds", "6"),
        ] as [(String, String?, String)])
    func mistakes(json: String, field: String?, reason: String) throws {
        let error = try #require(throws: PresetError.self) { try parse(json) }
        #expect(error.source == "mine.json" && error.field == field, "\(error)")
        #expect(error.reason.contains(reason), "\(error)")
        #expect(error.description.contains("mine.json"))
        if let field { #expect(error.description.contains(field)) }
    }

    @Test("a number that no number can hold is refused, not taken for infinity")
    func overflow() {
        #expect(throws: PresetError.self) { try parse(#"{"name": "x", "coupling_strength": 1e999}"#) }
    }

    @Test("fields that no preset has are found, with their paths")
    func unknownFields() {
        let json =
            #"{"name": "x", "colour": 1, "phi": {"dept": 1}, "channels": [{"freq": 1}, {"amplitude": 1}],"#
            + #" "engine": {"drift": 0.1, "drifts": 1, "coupling": {"basis": 1}}}"#
        let unknown = ["channels.freq", "colour", "engine.coupling.basis", "engine.drifts", "phi.dept"]
        #expect(Preset.unknownFields(in: Data(json.utf8)) == unknown)
        let drift = (try? parse(json))?.engine?.drift
        #expect(drift == 0.1)
        #expect(Preset.unknownFields(in: Data("[1]".utf8)) == [])
        #expect(Preset.unknownFields(in: Data("x".utf8)) == [])
    }

    @Test(
        "colours are read from exactly #rrggbb",
        arguments: [
            "", "#", "#12345", "#1234567", "123456", "#12345g", "#+12345", "# 12345", "#-12345",
        ])
    func noColor(text: String) { #expect(LinearColor(hex: text) == nil) }

    // MARK: What is written about presets

    /// Paths and ranges of the numbers of a JSON schema.
    private static func walk(
        _ schema: [String: Any], _ path: String, _ visit: (String, (Double, Double)?) -> Void
    ) {
        for (key, value) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            let field = path.isEmpty ? key : "\(path).\(key)"
            let range = (value["minimum"] as? Double).flatMap { low in
                (value["maximum"] as? Double).map { (low, $0) }
            }
            visit(field, range)
            walk(value, field, visit)
            if let items = value["items"] as? [String: Any] { walk(items, field, visit) }
        }
    }

    @Test("the schema has the fields that are read, with their ranges")
    func schema() throws {
        let json = try JSONSerialization.jsonObject(with: Self.data("preset.schema.json"))
        var fields: Set<String> = [], ranges: [String: (Double, Double)] = [:]
        Self.walk(try #require(json as? [String: Any]), "") { field, range in
            fields.insert(field)
            ranges[field] = range
        }
        #expect(fields == Preset.fields)
        for (field, range) in PresetRanges.all {
            let written = try #require(ranges[field], "\(field)")
            #expect(abs(written.0 - range.lowerBound) < 1e-3 && abs(written.1 - range.upperBound) < 1e-3, "\(field)")
        }
    }

    @Test("the table of presets/README.md has them too, and every preset")
    func table() throws {
        let text = String(decoding: try Self.data("README.md"), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        let first = Set(rows.map { $0[0].filter { $0 != "`" } })
        let leaves = Preset.fields.filter { field in !Preset.fields.contains { $0.hasPrefix("\(field).") } }
        let expected = leaves.union(Self.names).map { $0.replacing("channels.", with: "channels[].") }
        #expect(first == Set(expected))
        for (field, range) in PresetRanges.all {
            let name = field.replacing("channels.", with: "channels[].")
            let row = try #require(rows.first { $0[0] == "`\(name)`" })
            let numbers = row[2].matches(of: /[−-]?[0-9]+(\.[0-9]+)?/)
                .compactMap { Double($0.output.0.replacing("−", with: "-")) }
            #expect(numbers.count == 2, "\(field)")
            #expect(zip(numbers, [range.lowerBound, range.upperBound]).allSatisfy { abs($0 - $1) < 1e-3 }, "\(field)")
        }
    }
}
