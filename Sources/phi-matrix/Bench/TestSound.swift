import Foundation

/// Sound that gives an analysis all that music does: a chord that moves, a beat at 120 a minute, and noise; the same every
/// time. 48 kHz, stereo.
struct TestSound {
    static let rate = 48_000

    /// Writes it as a WAV file of 16 bits.
    static func write(seconds: Int, to file: URL) throws {
        let frames = seconds * rate, bytes = frames * 4
        var data = Data(capacity: 44 + bytes)
        func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        func append(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        data += Data("RIFF".utf8)
        append(UInt32(36 + bytes))
        data += Data("WAVEfmt ".utf8)
        append(UInt32(16))
        append(UInt16(1))
        append(UInt16(2))
        append(UInt32(rate))
        append(UInt32(rate * 4))
        append(UInt16(4))
        append(UInt16(16))
        data += Data("data".utf8)
        append(UInt32(bytes))
        var noise: UInt64 = 0x9E37_79B9_7F4A_7C15
        for n in 0..<frames {
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let hiss = Double(Int32(truncatingIfNeeded: noise >> 32)) / 2_147_483_648
            let t = Double(n) / Double(rate)
            let beat = exp(-(t * 2).truncatingRemainder(dividingBy: 1) * 12)
            let root = 110 * pow(2, (t / 2).rounded(.down).truncatingRemainder(dividingBy: 5) / 12)
            var chord = 0.0
            for ratio in [1, 1.25, 1.5, 4] { chord += sin(2 * .pi * root * ratio * t) }
            let common = 0.1 * chord + 0.3 * beat * sin(2 * .pi * 55 * t)
            append(UInt16(bitPattern: Int16((common + 0.1 * beat * hiss) * 32_000)))
            append(UInt16(bitPattern: Int16((common - 0.05 * hiss) * 32_000)))
        }
        try data.write(to: file)
    }
}
