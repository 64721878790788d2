/// A short line of text in place, for labels that change every frame: no allocation. Characters beyond the capacity are
/// left out.
struct FixedText: BitwiseCopyable, Sendable {
    private var codes: InlineArray<40, UInt8> = InlineArray(repeating: 0)
    private(set) var count = 0

    init() {}

    init(_ text: StaticString) { append(text) }

    subscript(index: Int) -> UInt8 { codes[index] }

    mutating func append(code: UInt8) {
        guard count < 40 else { return }
        codes[count] = code
        count += 1
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes in
            for byte in bytes { append(code: byte) }
        }
    }

    /// The first `length` characters, less any spaces at their end.
    func prefix(_ length: Int) -> FixedText {
        var result = self
        result.count = min(count, max(length, 0))
        while result.count > 0, codes[result.count - 1] == UInt8(ascii: " ") { result.count -= 1 }
        return result
    }

    /// Appends a number with `decimals` digits behind the point, rounded half up.
    mutating func append(_ value: Double, decimals: Int) {
        guard value.isFinite, abs(value) < 1e12 else { return append(code: UInt8(ascii: "-")) }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        if value < 0 && scaled > 0 { append(code: UInt8(ascii: "-")) }
        append(integer: scaled / scale)
        guard decimals > 0 else { return }
        append(code: UInt8(ascii: "."))
        var place = scale / 10
        while place > 0 {
            append(code: UInt8(ascii: "0") + UInt8((scaled / place) % 10))
            place /= 10
        }
    }

    /// As `append(_:decimals:)`, with a plus sign where the value is above 0.
    mutating func append(signed value: Double, decimals: Int) {
        let before = count
        append(value, decimals: decimals)
        guard value > 0, count < 40 else { return }
        // A value that rounds to nothing has no sign.
        guard (before..<count).contains(where: { codes[$0] > UInt8(ascii: "0") }) else { return }
        for place in stride(from: count, to: before, by: -1) { codes[place] = codes[place - 1] }
        codes[before] = UInt8(ascii: "+")
        count += 1
    }

    private mutating func append(integer: Int) {
        var place = 1
        while integer / place >= 10 { place *= 10 }
        while place > 0 {
            append(code: UInt8(ascii: "0") + UInt8((integer / place) % 10))
            place /= 10
        }
    }

    /// A frequency as people write it: "0.81 Hz", "439 Hz", "1.86 kHz".
    mutating func append(hertz: Double) {
        switch hertz {
        case ..<9.995: append(hertz, decimals: 2)
        case ..<99.95: append(hertz, decimals: 1)
        case ..<999.5: append(hertz, decimals: 0)
        default:
            append(hertz / 1_000, decimals: 2)
            append(" kHz")
            return
        }
        append(" Hz")
    }
}
