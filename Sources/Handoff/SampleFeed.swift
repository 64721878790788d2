/// Hands every value from one writer to one reader, while the reader wants them. Neither waits for the other.
public final class SampleFeed<Value: BitwiseCopyable & Sendable>: Sendable {
    /// Whether somebody reads.
    public let demand = Demand()
    private let ring: EventRing<Value>

    /// - Parameter capacity: How many values wait at most; those that find no place are lost, and counted.
    public init(capacity: Int, filler: Value) { ring = EventRing(capacity: capacity, filler: filler) }

    /// Appends a value where it is wanted. The writer's side.
    public func offer(_ value: @autoclosure () -> Value) {
        guard demand.isWanted else { return }
        ring.push(value())
    }

    /// The oldest value, or nil where there is none. The reader's side.
    public func next() -> Value? { ring.pop() }

    /// How many were lost since the start.
    public var lostCount: UInt64 { ring.refusedCount }
}
