/// What a picture says of itself in cells that a machine reads: its number, and when the state that it shows was taken.
/// Whoever reads it from the pixels on a screen knows how old they are, through every encoder, network and decoder between.
///
/// The mark lies in the lower left corner, whole and unblended over everything else. Its cells are squares, each one eightieth
/// of the picture's longer side wide (`LatencyMarkLayout`), so that they outlast a reduction to a quarter of the size and
/// video of 0.5 Mbit/s:
///
/// ```
/// · · · · · · · · · · · · · · · · · ·     · is black: a quiet border, one cell wide
/// · 1 0 1 1 0 0 1 0 c c c c c c c c ·     the pattern 0xB2, and the check byte
/// · f f f f f f f f f f f f f f f f ·     the frame number, bits 31 … 16
/// · f f f f f f f f f f f f f f f f ·     bits 15 … 0
/// · t t t t t t t t t t t t t t t t ·     the time, bits 31 … 16
/// · t t t t t t t t t t t t t t t t ·     bits 15 … 0
/// · · · · · · · · · · · · · · · · · ·
/// ```
///
/// White is 1, black is 0; the highest bit of a byte is on the left. The check byte is CRC-8/I-432-1 (polynomial 0x07,
/// initial value 0, result ⊕ 0x55; ITU-T I.432.1 §4.3.2) of the frame number and the time, big-endian.
public struct LatencyMark: BitwiseCopyable, Sendable, Equatable {
    /// The frame's number, as media headers carry it.
    public var frame: UInt32
    /// The low 32 bits of when the drawn state was sampled, µs of the monotonic clock. They come round after 71.6 minutes.
    public var stateTime: UInt32

    /// - Parameter stateTime: µs of the monotonic clock.
    public init(frame: UInt32, stateTime: UInt64) {
        self.frame = frame
        self.stateTime = UInt32(truncatingIfNeeded: stateTime)
    }

    /// What the first byte always is; it tells a mark, and what is black and white in it.
    static let pattern: UInt8 = 0xB2

    /// Byte `index` of the ten, from the upper left on.
    func byte(_ index: Int) -> UInt8 {
        switch index {
        case 0: Self.pattern
        case 1: check
        case 2..<6: UInt8(truncatingIfNeeded: frame >> (8 * (5 - index)))
        default: UInt8(truncatingIfNeeded: stateTime >> (8 * (9 - index)))
        }
    }

    /// CRC-8/I-432-1 of frame number and time.
    var check: UInt8 {
        var crc: UInt8 = 0
        for index in 2..<10 {
            crc ^= byte(index)
            for _ in 0..<8 { crc = crc & 0x80 != 0 ? crc << 1 ^ 0x07 : crc << 1 }
        }
        return crc ^ 0x55
    }

    /// Whether the cell in `column` and `row` is white; both count without the border.
    func isWhite(column: Int, row: Int) -> Bool {
        byte(2 * row + column / 8) & (0x80 >> UInt8(column % 8)) != 0
    }
}
