import Synchronization

/// A bounded queue of samples from one writer to one reader, without locks and without allocation: a callback of sound
/// hardware may write to it. What finds no room is counted and left out.
///
/// `@unchecked Sendable`: `write` may be called from one thread at a time and `read` from one thread at a time; a place is
/// written before `tail` releases it and read after `tail` was acquired, and the other way round for `head`.
public final class SoundRing: @unchecked Sendable {
    private let places: UnsafeMutablePointer<Float>
    private let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let lost = Atomic<UInt64>(0)

    /// - Parameter capacity: Samples, > 0.
    public init(capacity: Int) {
        self.capacity = capacity
        places = .allocate(capacity: capacity)
        places.initialize(repeating: 0, count: capacity)
    }

    deinit { places.deallocate() }

    /// Samples that wait. Either side may ask.
    public var count: Int { tail.load(ordering: .acquiring) - head.load(ordering: .acquiring) }

    /// Samples that there is room for.
    public var room: Int { capacity - count }

    /// Samples that were offered since the start, with those that found no room. Any thread may ask.
    public var writtenCount: UInt64 { UInt64(tail.load(ordering: .relaxed)) + lostCount }

    /// Samples that found no room, since the start.
    public var lostCount: UInt64 { lost.load(ordering: .relaxed) }

    /// Appends as many of `samples` as there is room for, and returns how many. The writer's side.
    @discardableResult
    public func write(_ samples: UnsafeBufferPointer<Float>) -> Int {
        let end = tail.load(ordering: .relaxed)
        let taken = min(samples.count, capacity - (end - head.load(ordering: .acquiring)))
        for n in 0..<taken { places[(end + n) % capacity] = samples[n] }
        tail.store(end + taken, ordering: .releasing)
        if taken < samples.count { lost.add(UInt64(samples.count - taken), ordering: .relaxed) }
        return taken
    }

    /// Moves the oldest samples into `samples`, as many as there are, and returns how many. The reader's side.
    public func read(into samples: UnsafeMutableBufferPointer<Float>) -> Int {
        let start = head.load(ordering: .relaxed)
        let taken = min(samples.count, tail.load(ordering: .acquiring) - start)
        for n in 0..<taken { samples[n] = places[(start + n) % capacity] }
        head.store(start + taken, ordering: .releasing)
        return taken
    }

    /// Leaves out what waits. The reader's side.
    public func clear() { head.store(tail.load(ordering: .acquiring), ordering: .releasing) }
}
