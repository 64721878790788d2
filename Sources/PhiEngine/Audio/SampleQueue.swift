/// Samples that were decoded and not yet read. Grows to the largest frame of the file, then no more.
final class SampleQueue {
    private var storage: UnsafeMutablePointer<Float>
    private var capacity: Int
    private var start = 0
    private(set) var count = 0

    init(capacity: Int = 8192) {
        self.capacity = capacity
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    /// Lets `fill` write up to `room` samples behind the others, and takes in as many as it returns.
    func append(atMost room: Int, _ fill: (UnsafeMutablePointer<Float>) -> Int) -> Int {
        if start + count + room > capacity { makeRoom(count + room) }
        let added = min(fill(storage + start + count), room)
        count += added
        return added
    }

    /// Moves the oldest samples out. There must be as many as `samples` holds.
    func take(into samples: UnsafeMutableBufferPointer<Float>) {
        precondition(samples.count <= count, "more samples are taken than there are")
        guard let target = samples.baseAddress else { return }
        target.update(from: storage + start, count: samples.count)
        start += samples.count
        count -= samples.count
    }

    private func makeRoom(_ needed: Int) {
        if needed > capacity {
            let larger = UnsafeMutablePointer<Float>.allocate(capacity: max(needed, 2 * capacity))
            larger.update(from: storage + start, count: count)
            storage.deallocate()
            storage = larger
            capacity = max(needed, 2 * capacity)
        } else {
            storage.update(from: storage + start, count: count)
        }
        start = 0
    }
}
