import Synchronization

/// Hands the newest value from one writer to one reader, neither of whom ever waits: three slots, of which the writer owns
/// one, the reader owns one, and the third changes hands by one atomic exchange.
///
/// `@unchecked Sendable`: `publish` may be called from one thread at a time and `latest` from one thread at a time. A slot
/// is touched only by the side that owns it, and ownership passes only through the acquiring-and-releasing exchange.
public final class TripleBuffer<Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<Value>
    private var writing = 0
    private var reading = 1
    /// The index of the slot in the middle, with `fresh` set where the writer left it unread.
    private let middle = Atomic<Int>(2)
    private static var fresh: Int { 4 }

    /// Every slot begins as `initial`, which the reader sees until the first `publish`.
    public init(_ initial: Value) {
        slots = .allocate(capacity: 3)
        slots.initialize(repeating: initial, count: 3)
    }

    deinit { slots.deallocate() }

    /// Makes `value` the newest. The writer's side.
    public func publish(_ value: borrowing Value) {
        slots[writing] = copy value
        writing = middle.exchange(writing | Self.fresh, ordering: .acquiringAndReleasing) & 3
    }

    /// Calls `body` with the newest value and whether it is new since the last call. The reader's side.
    public func latest<R, E: Error>(_ body: (borrowing Value, _ isNew: Bool) throws(E) -> R) throws(E) -> R {
        var isNew = false
        if middle.load(ordering: .relaxed) & Self.fresh != 0 {
            reading = middle.exchange(reading, ordering: .acquiringAndReleasing) & 3
            isNew = true
        }
        return try body(slots[reading], isNew)
    }
}
