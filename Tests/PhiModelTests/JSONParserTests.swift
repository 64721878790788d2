import Foundation
import Testing

@testable import PhiModel

@Suite
struct JSONParserTests {
    private func parse(_ text: String) -> JSONValue? { try? JSONValue(json: Data(text.utf8)) }

    @Test("What is JSON is read")
    func sound() {
        #expect(
            parse(" {\"a\" : [1, -2.5e3,true,\n false, null, \"x\"], \"b\":{}} ")
                == .object([
                    "a": .array([.number(1), .number(-2500), .bool(true), .bool(false), .null, .string("x")]),
                    "b": .object([:]),
                ]))
        #expect(parse(#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é""#) == .string("\"\\/\u{8}\u{C}\n\r\té😀é"))
        #expect(
            parse("0") == .number(0) && parse("-0") == .number(0) && parse("1E+2") == .number(100)
                && parse("[]") == .array([]))
        #expect(parse(#"{"a":1,"a":2}"#) == .object(["a": .number(2)]))
    }

    @Test(
        "What is none is refused",
        arguments: [
            "", " ", "[", "]", "{", "{}}", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}",
            "{1:1}", "01", "1.", ".5",
            "-", "+1", "1e", "1e+", "1e999", "-1e999", "NaN", "Infinity", "tru", "nulll", "'a'", "\"", "\"\\",
            "\"\\x\"", "\"\\u12\"",
            "\"\\u12G4\"", "\"\\uD800\"", "\"\\uD800x\"", "\"\\uD800\\n\"", "\"\\uD800\\uD800\"", "\"\\uDC00\"",
            "\"\n\"", "\"\0\"", "1 1",
            "/**/1", "\u{FEFF}1",
        ])
    func broken(_ text: String) { #expect(parse(text) == nil) }

    @Test("Bytes that are no UTF-8 are refused")
    func encoding() {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
        ] {
            #expect((try? JSONValue(json: Data(bytes))) == nil)
        }
    }

    @Test("Sixty-four levels are read, one more is not")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(parse(nested(64)) != nil && parse(nested(65)) == nil && parse(nested(500_000)) == nil)
        // Depth is what is open, not what was.
        #expect(parse("[" + Array(repeating: nested(63), count: 9).joined(separator: ",") + "]") != nil)
    }

    @Test("What Foundation makes of sound JSON, this makes")
    func agrees() throws {
        for file in ["states/balanced.json", "manifest.json"] {
            let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Goldens/\(file)")
            let data = try Data(contentsOf: url)
            let mine = try JSONSerialization.jsonObject(with: try JSONValue(json: data).json()) as? NSDictionary
            let theirs = try JSONSerialization.jsonObject(with: data) as? NSDictionary
            #expect(mine != nil && mine == theirs)
        }
    }

    @Test("A mebibyte of nested arrays takes no time that anybody notices")
    func time() {
        let one = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let text = "[" + Array(repeating: one, count: 8_000).joined(separator: ",") + "]"
        let start = ContinuousClock.now
        #expect(parse(text) != nil)
        // The decoder that was here before took hours.
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
