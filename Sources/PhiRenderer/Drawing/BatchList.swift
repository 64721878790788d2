/// Runs of instances of one brush, in the order of drawing.
struct BatchList {
    /// A run of instances, dots or glyphs, or one ribbon.
    struct Batch: BitwiseCopyable {
        var brush: Brush
        var first: Int
        var count: Int
        var ribbon: RibbonConstants
    }

    private static let capacity = 512

    private let batches: UnsafeMutablePointer<Batch>
    private(set) var count = 0

    init() { batches = .allocate(capacity: Self.capacity) }

    /// Gives the memory back. The list may not be used afterwards.
    func deallocate() { batches.deallocate() }

    subscript(index: Int) -> Batch { batches[index] }

    mutating func removeAll() { count = 0 }

    /// Lengthens the last run where it ends at `first` with the same brush, else begins a new one. False where the list is
    /// full.
    mutating func append(_ brush: Brush, first: Int, count length: Int = 1) -> Bool {
        if count > 0 {
            let last = batches[count - 1]
            if last.brush == brush, last.first + last.count == first {
                batches[count - 1].count += length
                return true
            }
        }
        return append(Batch(brush: brush, first: first, count: length, ribbon: RibbonConstants()))
    }

    mutating func append(_ batch: Batch) -> Bool {
        guard count < Self.capacity else { return false }
        batches[count] = batch
        count += 1
        return true
    }
}
