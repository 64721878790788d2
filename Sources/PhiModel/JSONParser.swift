/// Reads JSON (RFC 8259) into values, in time that grows with its length alone, however it is nested. A general decoder, asked
/// what a value is by trying, needs minutes for a message that a viewer may send.
struct JSONParser {
    /// What is wrong, and where.
    struct Failure: Error {
        let offset: Int
    }

    /// Arrays and objects within each other: more than any message of ours has, and few enough for whoever visits them.
    static let greatestDepth = 64

    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    private var depth = 0

    /// - Throws: `Failure` where the bytes are no JSON, are nested too deeply, or have a number that no `Double` holds.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.space()
        guard parser.at == bytes.count else { throw parser.failure }
        return value
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private var failure: Failure { Failure(offset: at) }
    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    /// Passes over a sign, and spaces before it; false where there is another.
    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        space()
        guard next == UInt8(ascii: sign) else { return false }
        at += 1
        return true
    }

    private mutating func value() throws(Failure) -> JSONValue {
        space()
        switch next {
        case UInt8(ascii: "{"): return .object(try nested { (parser) throws(Failure) in try parser.fields() })
        case UInt8(ascii: "["): return .array(try nested { (parser) throws(Failure) in try parser.items() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<R>(_ body: (inout JSONParser) throws(Failure) -> R) throws(Failure) -> R {
        guard depth < Self.greatestDepth else { throw failure }
        depth += 1
        at += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let count = word.utf8CodeUnitCount
        let expected = UnsafeRawBufferPointer(start: word.utf8Start, count: count)
        guard bytes[at...].starts(with: expected) else { throw failure }
        at += count
        return value
    }

    private mutating func items() throws(Failure) -> [JSONValue] {
        var items: [JSONValue] = []
        if take("]") { return items }
        while true {
            items.append(try value())
            if take("]") { return items }
            guard take(",") else { throw failure }
        }
    }

    /// Of a name that is there twice, the last counts.
    private mutating func fields() throws(Failure) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        if take("}") { return fields }
        while true {
            space()
            guard next == UInt8(ascii: "\"") else { throw failure }
            let name = try string()
            guard take(":") else { throw failure }
            fields[name] = try value()
            if take("}") { return fields }
            guard take(",") else { throw failure }
        }
    }

    private mutating func digits() -> Bool {
        let start = at
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
        return at > start
    }

    private mutating func number() throws(Failure) -> Double {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let first = at
        guard digits(), bytes[first] != UInt8(ascii: "0") || at == first + 1 else { throw failure }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digits() else { throw failure }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { at += 1 }
            guard digits() else { throw failure }
        }
        guard let number = Double(String(decoding: bytes[start..<at], as: UTF8.self)), number.isFinite else {
            throw failure
        }
        return number
    }

    private mutating func string() throws(Failure) -> String {
        at += 1
        var start = at
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text.append(contentsOf: bytes[start..<at])
                at += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw failure }
                return string
            case UInt8(ascii: "\\"):
                text.append(contentsOf: bytes[start..<at])
                at += 1
                text.append(contentsOf: try escape().utf8)
                start = at
            case ..<0x20: throw failure
            default: at += 1
            }
        }
        throw failure
    }

    private mutating func escape() throws(Failure) -> String {
        guard let byte = next else { throw failure }
        at += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return String(try scalar())
        default: throw failure
        }
    }

    /// A character by its number, or by two of them (UTF-16).
    private mutating func scalar() throws(Failure) -> Unicode.Scalar {
        let high = try unit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, next == UInt8(ascii: "\\") else { throw failure }
        at += 1
        guard next == UInt8(ascii: "u") else { throw failure }
        at += 1
        let low = try unit()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x1_0000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw failure }
        return scalar
    }

    private mutating func unit() throws(Failure) -> UInt32 {
        guard at + 4 <= bytes.count else { throw failure }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[at]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw failure
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
