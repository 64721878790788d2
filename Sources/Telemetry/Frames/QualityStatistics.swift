public import Handoff
import Synchronization

/// Why the quality level changed.
public enum QualityReason: String, Sendable, CaseIterable, Codable {
    /// Somebody chose it.
    case chosen
    /// Frames took longer than the frame rate allows.
    case overload
    /// There was time to spare for long enough.
    case headroom
}

/// Counts the changes of the quality level. Takes a lock: not for the render thread.
public final class QualityStatistics: Sendable {
    /// What is known at one moment.
    public struct Figures: Sendable, Equatable {
        /// Why the level changed last; nil before the first change.
        public var lastReason: QualityReason?
        /// When it did: µs of the monotonic clock; 0 before the first change.
        public var lastTime: UInt64 = 0
        /// Changes since the start, by their reason; every reason has its number.
        public var changes = [QualityReason: UInt64](
            uniqueKeysWithValues: QualityReason.allCases.map { ($0, 0) })

        /// The figures before the first change.
        public init() {}
    }

    private let state = Mutex(Figures())
    private let counters: [QualityReason: CounterSeries]

    /// - Parameter registry: Where the counters of `GET /metrics` are kept; they are there from the first scrape on.
    public init(registry: PrometheusRegistry) {
        registry.describe("soundlab_quality_changes_total", "Changes of the quality level, by the reason.")
        counters = Dictionary(
            uniqueKeysWithValues: QualityReason.allCases.map {
                ($0, registry.counter("soundlab_quality_changes_total", [("reason", $0.rawValue)]))
            })
    }

    /// The level changed.
    /// - Parameter time: µs of the monotonic clock.
    public func recordChange(_ reason: QualityReason, at time: UInt64 = MonotonicClock.microseconds) {
        counters[reason]?.increment(by: Int64(1))
        state.withLock { state in
            state.lastReason = reason
            state.lastTime = time
            state.changes[reason, default: 0] += 1
        }
    }

    /// What is known now.
    public func figures() -> Figures { state.withLock { $0 } }
}
