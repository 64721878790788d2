import Foundation
import Testing

@testable import PhiModel

@Suite("Any JSON")
struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(json: Data(text.utf8)) }

    @Test(
        "what is read is written again",
        arguments: [#"{"a":[1,2.5,null,true,"x"],"b":{"c":false}}"#, "[]", "7", "null"])
    func roundTrip(text: String) throws {
        #expect(String(decoding: try parse(text).json(), as: UTF8.self) == text)
    }

    @Test("true is no number, and 1 no truth")
    func kinds() throws {
        #expect(try parse("true").number == nil && parse("true").bool == true)
        #expect(try parse("1").bool == nil && parse("1").number == 1)
        #expect(try parse(#""1""#).number == nil && parse(#""1""#).string == "1")
    }

    @Test("merging goes to every depth, and replaces arrays whole")
    func merging() throws {
        let merged = try parse(#"{"a":{"b":1,"c":2},"d":[1,2]}"#).merged(with: parse(#"{"a":{"c":3},"d":[4],"e":5}"#))
        #expect(try merged == parse(#"{"a":{"b":1,"c":3},"d":[4],"e":5}"#))
    }

    @Test("presets differ in fields, by their paths")
    func differences() throws {
        func preset(_ json: String) throws -> Preset { try Preset(json: Data(json.utf8), source: "x") }
        let a = try preset(#"{"name":"a","channels":[{"amplitude":0.5},{"frequency":2}],"tags":["x"],"scene":"field"}"#)
        let b = try preset(#"{"name":"b","channels":[{"amplitude":0.5},{"frequency":3}],"tags":["x","y"]}"#)
        let differences = try a.differences(from: b)
        #expect(differences.map(\.field) == ["channels[1].frequency", "scene", "tags"])
        #expect(differences[0].a == .number(2) && differences[0].b == .number(3))
        #expect(differences[1].a == .string("field") && differences[1].b == nil)
        #expect(try a.differences(from: a) == [])
    }

    @Test("a colour is written as it is read", arguments: ["#000000", "#ffffff", "#0b0c14", "#ffcc5c", "#010203"])
    func colors(hex: String) throws {
        #expect(try #require(LinearColor(hex: hex)).hex == hex)
    }
}
