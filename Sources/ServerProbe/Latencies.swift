/// Times that were measured, ms.
public struct Latencies: Sendable, Equatable {
    private var sorted: [Double] = []

    public init(_ values: [Double] = []) { sorted = values.sorted() }

    public var count: Int { sorted.count }
    /// Nil where nothing was measured.
    public var least: Double? { sorted.first }
    public var most: Double? { sorted.last }
    public var mean: Double? { sorted.isEmpty ? nil : sorted.reduce(0, +) / Double(sorted.count) }

    /// The value that a share of all do not exceed (nearest rank).
    /// - Parameter share: Over 0, at most 1.
    public func quantile(_ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
