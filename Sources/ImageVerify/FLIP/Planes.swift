/// Planes of numbers of one size, with room beside each row that repeats its ends, so that filters need no special case at
/// the edge.
///
/// `@unchecked Sendable`: the memory is written by rows, each by one thread, and read after those threads have been waited
/// for.
final class Planes: @unchecked Sendable {
    let width: Int
    let height: Int
    /// Numbers beside each row, on either side; a vector may be read across the end of a row.
    let margin: Int
    private let stride: Int
    private let storage: UnsafeMutablePointer<Float>

    init(count: Int, width: Int, height: Int, margin: Int) {
        self.width = width
        self.height = height
        self.margin = margin
        stride = width + 2 * margin + 8
        storage = .allocate(capacity: count * stride * height)
        storage.initialize(repeating: 0, count: count * stride * height)
    }

    deinit { storage.deallocate() }

    /// The first pixel of row `y`; a row outside is the nearest inside.
    @inline(__always)
    func row(_ plane: Int, _ y: Int) -> UnsafeMutablePointer<Float> {
        storage + (plane * height + min(max(y, 0), height - 1)) * stride + margin
    }

    /// Repeats the ends of row `y` into the room beside it.
    func extend(_ plane: Int, _ y: Int) {
        let row = row(plane, y)
        for n in 1...max(margin, 1) where n <= margin { row[-n] = row[0] }
        for n in 0..<(margin + 8) { row[width + n] = row[width - 1] }
    }
}
