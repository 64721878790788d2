import Synchronization

/// How many parties want something at the moment. Work that nobody wants is not done.
public final class Demand: Sendable {
    private let count = Atomic<Int>(0)

    public init() {}

    /// Whether anybody wants it at the moment.
    public var isWanted: Bool { count.load(ordering: .relaxed) > 0 }

    /// Wants it, until a `remove` for each `add`.
    public func add() { count.add(1, ordering: .relaxed) }

    /// Ends one earlier `add`.
    public func remove() { count.subtract(1, ordering: .relaxed) }
}
