import Synchronization

/// How fast memory grows: the slope of a line through what was measured, by least squares. A leak shows here long before
/// memory runs out.
public final class MemoryTrend: Sendable {
    private struct Sample: Sendable {
        var seconds: Double
        var bytes: Double
    }

    private struct State: Sendable {
        var began: Double?
        var samples: [Sample] = []
    }

    private let warmUp: Double
    private let window: Double
    private let least: Double
    private let state = Mutex(State())

    /// - Parameters:
    ///   - warmUp: Seconds after the first measurement that count for nothing, since caches fill then.
    ///   - window: Seconds that the line goes through; older measurements are forgotten.
    ///   - least: Seconds that must have been measured before a slope is told.
    public init(warmUp: Double = 120, window: Double = 1_800, least: Double = 60) {
        self.warmUp = warmUp
        self.window = window
        self.least = least
    }

    /// Takes a measurement.
    /// - Parameter seconds: Of a clock that only goes forward.
    public func add(bytes: UInt64, at seconds: Double) {
        state.withLock { state in
            let began = state.began ?? seconds
            state.began = began
            guard seconds - began >= warmUp else { return }
            state.samples.removeAll { seconds - $0.seconds > window }
            state.samples.append(Sample(seconds: seconds, bytes: Double(bytes)))
        }
    }

    /// Bytes an hour; nil until enough has been measured.
    public var bytesPerHour: Double? {
        let samples = state.withLock { $0.samples }
        guard let first = samples.first, let last = samples.last, samples.count > 2,
            last.seconds - first.seconds >= least
        else { return nil }
        let count = Double(samples.count)
        // Around the means, so that nothing is lost to the size of the numbers.
        let meanSeconds = samples.reduce(0) { $0 + $1.seconds } / count
        let meanBytes = samples.reduce(0) { $0 + $1.bytes } / count
        var above = 0.0, below = 0.0
        for sample in samples {
            let seconds = sample.seconds - meanSeconds
            above += seconds * (sample.bytes - meanBytes)
            below += seconds * seconds
        }
        return below > 0 ? above / below * 3_600 : nil
    }
}
