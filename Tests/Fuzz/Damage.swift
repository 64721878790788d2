/// Damages what a well-behaved peer would send.
public enum Damage {
    /// A few random changes: bytes turned, left out, put in, repeated, cut off.
    public static func bytes(_ sound: [UInt8], using random: inout FuzzNumbers) -> [UInt8] {
        var bytes = sound
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !bytes.isEmpty else { return random.bytes(8) }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let length = Int.random(in: 1...12, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + length))
            case 3: bytes.insert(contentsOf: random.bytes(length), at: place)
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 4 * length)], at: place)
            case 5: bytes.insert(contentsOf: Array(random.one(of: odd).utf8), at: place)
            default: bytes.removeLast(bytes.count - place)
            }
        }
        return bytes
    }

    /// What parsers trip over.
    private static let odd = [
        "\r\n", "\r\n\r\n", "\n", "\0", ": ", ",", "null", "-1", "1e999", "99999999999999999999", "{", "[[[[", "}",
        "\"", "\\u0000", "\\ud800", "é", "Transfer-Encoding: chunked\r\n", "Content-Length: 9\r\n",
        "Expect: 100-continue\r\n", "%00", "%", "?", "..", "HTTP/2.0", "h2c", " ", "\t", "true", "NaN",
    ]

    /// JSON that mostly stays JSON: values of other kinds and of extreme sizes, fields left out, twice or elsewhere. One in
    /// five is damaged byte by byte instead.
    public static func json(_ sound: String, using random: inout FuzzNumbers) -> [UInt8] {
        if random.chance(20) { return bytes(Array(sound.utf8), using: &random) }
        var tokens = tokens(sound)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let values = tokens.indices.filter { isValue(tokens, $0) }
            guard !values.isEmpty else { break }
            let place = random.one(of: values)
            switch Int.random(in: 0..<8, using: &random) {
            case 0...3: tokens[place] = random.one(of: oddValues)
            case 4: tokens.swapAt(place, random.one(of: values))
            case 5: tokens[place] = nested(Int.random(in: 1...2_000, using: &random), using: &random)
            case 6:
                guard let field = field(tokens, endingAt: place) else { continue }
                tokens.insert(contentsOf: Array(tokens[field]) + [","], at: field.lowerBound)
            default:
                guard var field = field(tokens, endingAt: place) else { continue }
                if field.upperBound < tokens.count, tokens[field.upperBound] == "," {
                    field = field.lowerBound..<field.upperBound + 1
                }
                tokens.removeSubrange(field)
            }
        }
        return Array(tokens.joined().utf8)
    }

    private static let oddValues = [
        "null", "true", "false", "0", "-0", "-1", "1", "7", "8", "9", "0.5", "1e308", "-1e308", "1e-320", "1e999",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551616", "4294967296",
        "2147483648", "1.7976931348623157e308", "0.1e-400", "123456789012345678901234567890", "\"\"", "\"x\"",
        "\"NaN\"",
        "\"-1\"", "\"\\u0000\"", "\"\\uD83D\\uDE00\"", "\"../../etc/passwd\"", "\"%00\"", "\"__proto__\"",
        "\"😀é\u{301}\"",
        "[]", "{}", "[null]", "[[]]", "{\"\":0}", "[1,2,3,4,5,6,7,8]", "[0,0,0,0,0,0,0,0,0]", "[1e308,1e308,1e308]",
        "{\"type\":\"ping\"}", "\"" + String(repeating: "a", count: 300) + "\"",
        "[" + Array(repeating: "1", count: 600).joined(separator: ",") + "]",
    ]

    private static func nested(_ depth: Int, using random: inout FuzzNumbers) -> String {
        random.chance(50)
            ? String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            : String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
    }

    /// Strings, numbers, words and single signs; spaces are left out.
    private static func tokens(_ json: String) -> [String] {
        let bytes = Array(json.utf8), signs = Array("{}[],:".utf8), spaces = Array(" \n\r\t".utf8)
        var tokens: [String] = []
        var at = 0
        while at < bytes.count {
            let start = at
            at += 1
            if spaces.contains(bytes[start]) { continue }
            if bytes[start] == UInt8(ascii: "\"") {
                while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                    at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
                }
                at = min(at + 1, bytes.count)
            } else if !signs.contains(bytes[start]) {
                while at < bytes.count, !signs.contains(bytes[at]), !spaces.contains(bytes[at]) { at += 1 }
            }
            tokens.append(String(decoding: bytes[start..<at], as: UTF8.self))
        }
        return tokens
    }

    private static func isValue(_ tokens: [String], _ place: Int) -> Bool {
        guard !["{", "}", "[", "]", ",", ":"].contains(tokens[place]) else { return false }
        return place + 1 >= tokens.count || tokens[place + 1] != ":"
    }

    /// The name, the colon and the value that stands at a place.
    private static func field(_ tokens: [String], endingAt place: Int) -> Range<Int>? {
        place >= 2 && tokens[place - 1] == ":" ? place - 2..<place + 1 : nil
    }
}
