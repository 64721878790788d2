import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import Synchronization

/// Runs a source in real time on a thread of its own, and publishes each state to every consumer without waiting for any.
///
/// Samples are paced by absolute deadlines. Where the machine is late, the samples in between are worked through and only
/// the newest is published. After a standstill of more than `longestCatchUp` seconds (a suspended machine) the engine
/// goes on from where it stood.
public final class EngineLoop: Service, Sendable {
    /// The source's name, as given to `--engine`.
    public let name: String
    /// Hz; 0 without sound.
    public let sampleRate: Int
    /// 0 without sound.
    public let bufferSize: Int
    /// Seconds between two states.
    public let sampleInterval: Double

    /// A state older than this is not fresh, µs.
    private static let freshness: UInt64 = 500_000
    /// How far the engine is behind the clock at most before it gives up on catching up, s.
    static let longestCatchUp = 2.0

    /// `@unchecked Sendable`: `source` comes from a `sending` parameter of the loop's initializer, so nobody else refers
    /// to it, and only the one thread that `run` starts, once, ever touches it.
    private struct Handover: @unchecked Sendable { let source: any StateSource }

    private let handover: Handover
    private let consumers: [TripleBuffer<TimedState>]
    private let logger: Logger
    private let hasRun = Atomic(false)
    private let shouldStop = Atomic(false)
    /// Written under the lock, which makes its many callers one writer; read by the engine's thread alone.
    private let wishes = Mutex(())
    private let wished = TripleBuffer(EngineSettings())
    private let lastSample = Atomic<UInt64>(0)
    private let published = Atomic<UInt64>(0)
    private let clamped = Atomic<UInt64>(0)
    private let replaced = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - source: Belongs to the loop from here on.
    ///   - consumers: One buffer for each thread that reads states.
    public init(
        source: sending any StateSource, consumers: [TripleBuffer<TimedState>],
        logger: Logger = Logger(label: "phi-engine")
    ) {
        name = source.name
        sampleRate = source.sampleRate
        bufferSize = source.bufferSize
        sampleInterval = source.sampleInterval
        handover = Handover(source: source)
        self.consumers = consumers
        self.logger = logger
    }

    /// Whether a sample was published within the last half second.
    public var isFresh: Bool {
        let last = lastSample.load(ordering: .relaxed)
        let now = MonotonicClock.microseconds
        return last > 0 && (now < last || now - last < Self.freshness)
    }

    /// Samples published since the start.
    public var publishedCount: UInt64 { published.load(ordering: .relaxed) }
    /// Values that were out of range and were clamped, since the start.
    public var clampedCount: UInt64 { clamped.load(ordering: .relaxed) }
    /// Values that were not finite and were replaced, since the start.
    public var replacedCount: UInt64 { replaced.load(ordering: .relaxed) }

    /// Runs the engine until a graceful shutdown or cancellation, and returns when its thread has ended.
    ///
    /// - Throws: What the source throws; `EngineError.alreadyRan` where it is called a second time.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else { throw EngineError.alreadyRan }
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-engine", stop: { self.stop() }) { try self.work() }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    /// Goes over to other settings within a second, without a jump. May be called from any thread; of several that come
    /// between two samples, the newest wins.
    public func apply(_ settings: EngineSettings) { wishes.withLock { _ in wished.publish(settings) } }

    private func stop() { shouldStop.store(true, ordering: .relaxed) }

    /// The body of the thread.
    private func work() throws {
        let source = handover.source
        var state = EngineState()
        var sanitizer = StateSanitizer()
        var origin = MonotonicClock.nanoseconds
        var hasPublished = false
        while !shouldStop.load(ordering: .relaxed) {
            var now = Double(MonotonicClock.nanoseconds - origin) * 1e-9
            let lateness = now - (state.time + sampleInterval)
            if lateness > Self.longestCatchUp {
                logger.warning("the engine stood still", metadata: ["seconds": "\(lateness)"])
                origin += UInt64(lateness * 1e9)
                now -= lateness
            }
            wished.latest { settings, isNew in if isNew { source.apply(settings) } }
            let before = state.frameID
            try source.advance(to: now, into: &state)
            if state.frameID != before || !hasPublished {
                hasPublished = true
                publish(&state, &sanitizer, origin: origin)
            }
            let next = (Double(state.frameID) + 1) * sampleInterval
            MonotonicClock.sleep(untilNanoseconds: origin + UInt64(next * 1e9) + 1_000)
        }
    }

    private func publish(_ state: inout EngineState, _ sanitizer: inout StateSanitizer, origin: UInt64) {
        state.timestamp = MonotonicClock.unixSeconds
        sanitizer.sanitize(&state)
        let due = origin / 1_000 + UInt64(state.time * 1e6)
        let sample = TimedState(state: state, monotonic: due)
        for consumer in consumers { consumer.publish(sample) }
        if replaced.load(ordering: .relaxed) == 0, sanitizer.replacedCount > 0 {
            logger.warning("the engine gave a value that is not a number; it was replaced")
        }
        clamped.store(sanitizer.clampedCount, ordering: .relaxed)
        replaced.store(sanitizer.replacedCount, ordering: .relaxed)
        lastSample.store(MonotonicClock.microseconds, ordering: .relaxed)
        published.add(1, ordering: .relaxed)
    }
}
