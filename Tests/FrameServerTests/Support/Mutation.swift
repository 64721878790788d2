import Fuzz

typealias SeededGenerator = FuzzNumbers

/// Damages what a well-behaved client would send.
enum Mutation {
    /// A few random changes: bytes turned, left out, put in, repeated, cut off.
    static func damaged(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        Damage.bytes(bytes, using: &random)
    }

    /// A whole frame of text, masked with zeros.
    static func whole(_ text: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            text.count < 126 ? [0x80 | UInt8(text.count)] : [0xFE, UInt8(text.count >> 8), UInt8(text.count & 255)]
        return [0x81] + length + [0, 0, 0, 0] + text
    }

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
