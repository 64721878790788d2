import Synchronization

/// A bounded queue of plain values from one writer to one reader. A full ring refuses, and counts what it refused.
///
/// `@unchecked Sendable`: `push` may be called from one thread at a time and `pop` from one thread at a time; a place is
/// written before `tail` releases it and read after `tail` was acquired, and the other way round for `head`.
public final class EventRing<Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
    private let places: UnsafeMutablePointer<Value>
    private let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let refused = Atomic<UInt64>(0)

    /// - Parameter filler: What places hold before their first use.
    public init(capacity: Int, filler: Value) {
        self.capacity = capacity
        places = .allocate(capacity: capacity)
        places.initialize(repeating: filler, count: capacity)
    }

    deinit { places.deallocate() }

    /// Appends a value, or returns false where the ring is full. The writer's side.
    @discardableResult
    public func push(_ value: Value) -> Bool {
        let end = tail.load(ordering: .relaxed)
        guard end - head.load(ordering: .acquiring) < capacity else {
            refused.add(1, ordering: .relaxed)
            return false
        }
        places[end % capacity] = value
        tail.store(end + 1, ordering: .releasing)
        return true
    }

    /// The oldest value, or nil where the ring is empty. The reader's side.
    public func pop() -> Value? {
        let start = head.load(ordering: .relaxed)
        guard start < tail.load(ordering: .acquiring) else { return nil }
        let value = places[start % capacity]
        head.store(start + 1, ordering: .releasing)
        return value
    }

    /// How many values were refused since the start.
    public var refusedCount: UInt64 { refused.load(ordering: .relaxed) }
}
