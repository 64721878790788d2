/// Frames what a client says, as RFC 6455 wants it: masked.
enum MaskedFrame {
    static func text(_ payload: some Collection<UInt8>) -> [UInt8] { make(0x81, payload) }
    static func pong(_ payload: some Collection<UInt8>) -> [UInt8] { make(0x8A, payload) }
    static func close(_ code: UInt16) -> [UInt8] { make(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)]) }

    /// - Parameter payload: Under 64 KiB.
    private static func make(_ first: UInt8, _ payload: some Collection<UInt8>) -> [UInt8] {
        let mask = UInt32.random(in: 0...UInt32.max)
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (UInt32($0) * 8)) }
        var framed = [first]
        framed.reserveCapacity(payload.count + 8)
        if payload.count < 126 {
            framed.append(0x80 | UInt8(payload.count))
        } else {
            framed.append(contentsOf: [0x80 | 126, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)])
        }
        framed.append(contentsOf: key)
        for (n, byte) in payload.enumerated() { framed.append(byte ^ key[n & 3]) }
        return framed
    }
}
