import Synchronization

/// How old the engine's state was when dashboards were told of it, over the last five seconds.
final class StateDelays: Sendable {
    /// What was measured, milliseconds.
    struct Figures: Sendable, Equatable {
        var mean = 0.0
        var most = 0.0
        var least = 0.0
        /// How often a dashboard was told of a state older than `limit`.
        var late = 0
    }

    /// A dashboard that is further behind is out of step, ms.
    static let limit = 100.0
    private static let window: UInt64 = 5_000_000
    /// More than come in the window.
    private static let most = 512

    private let entries = Mutex<[(time: UInt64, delay: Double)]>([])

    /// - Parameters:
    ///   - milliseconds: From the sample to the message.
    ///   - time: µs of the monotonic clock.
    func record(_ milliseconds: Double, at time: UInt64) {
        entries.withLock { entries in
            entries.append((time, max(0, milliseconds)))
            Self.trim(&entries, at: time)
        }
    }

    /// What was measured until `time`, µs of the monotonic clock.
    func figures(at time: UInt64) -> Figures {
        entries.withLock { entries in
            Self.trim(&entries, at: time)
            guard let first = entries.first else { return Figures() }
            var figures = Figures(mean: 0, most: first.delay, least: first.delay)
            for (_, delay) in entries {
                figures.mean += delay / Double(entries.count)
                figures.most = max(figures.most, delay)
                figures.least = min(figures.least, delay)
                if delay > Self.limit { figures.late += 1 }
            }
            return figures
        }
    }

    private static func trim(_ entries: inout [(time: UInt64, delay: Double)], at time: UInt64) {
        let old = entries.prefix { $0.time + window < time }.count
        entries.removeFirst(max(old, entries.count - most))
    }
}
