/// Damages what a well-behaved client would send.
enum Mutation {
    /// A few random changes: bytes turned, left out, put in, repeated, cut off.
    static func damaged(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
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
            case 5: bytes.insert(contentsOf: odd.randomElement(using: &random).map { Array($0.utf8) } ?? [], at: place)
            default: bytes.removeLast(bytes.count - place)
            }
        }
        return bytes
    }

    /// What parsers trip over.
    private static let odd = [
        "\r\n", "\r\n\r\n", "\n", "\0", ": ", ",", "null", "-1", "1e999", "99999999999999999999", "{", "[[[[", "}",
        "\"",
        "\\u0000", "\\ud800", "é", "Transfer-Encoding: chunked\r\n", "Content-Length: 9\r\n",
        "Expect: 100-continue\r\n",
        "%00", "%", "?", "..", "HTTP/2.0", "h2c", " ", "\t", "true", "NaN",
    ]

    /// One frame of RFC 6455 as a client sends it, or nearly.
    static func frame(_ payload: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var first: UInt8 = random.chance(80) ? 0x81 : UInt8.random(in: 0...255, using: &random)
        if random.chance(10) { first &= 0x7F }
        let mask: [UInt8] = random.chance(90) ? random.bytes(4) : []
        var bytes = [first]
        let flag: UInt8 = mask.isEmpty ? 0 : 0x80
        let told = random.chance(90) ? payload.count : Int.random(in: 0...100_000, using: &random)
        switch told {
        case ...125 where random.chance(95): bytes.append(flag | UInt8(told))
        case ...0xFFFF: bytes += [flag | 126, UInt8(told >> 8 & 255), UInt8(told & 255)]
        default: bytes += [flag | 127] + (0..<8).map { UInt8(told >> ((7 - $0) * 8) & 255) }
        }
        bytes += mask
        return bytes + payload.enumerated().map { mask.isEmpty ? $1 : $1 ^ mask[$0 & 3] }
    }
}
