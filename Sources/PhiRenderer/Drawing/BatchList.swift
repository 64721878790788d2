/// Runs of instances of one brush, in the order of drawing.
struct BatchList {
    /// A run of instances, dots, glyphs or points of ribbons.
    struct Batch: BitwiseCopyable {
        var brush: Brush
        var first: Int
        var count: Int
    }

    private static let capacity = 512

    private let batches: UnsafeMutablePointer<Batch>
    private(set) var count = 0

    init() { batches = .allocate(capacity: Self.capacity) }

    /// Gives the memory back. The list may not be used afterwards.
    func deallocate() { batches.deallocate() }

    subscript(index: Int) -> Batch { batches[index] }

    mutating func removeAll() { count = 0 }

    /// Adds a run, to the last one where it goes on with the same brush. False where the list is full.
    mutating func append(_ batch: Batch) -> Bool {
        if count > 0 {
            let last = batches[count - 1]
            if last.brush == batch.brush, last.first + last.count == batch.first {
                batches[count - 1].count += batch.count
                return true
            }
        }
        guard count < Self.capacity else { return false }
        batches[count] = batch
        count += 1
        return true
    }
}
