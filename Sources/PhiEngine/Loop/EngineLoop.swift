import Handoff
import Logging
import PhiModel
import ServiceLifecycle
import Synchronization

/// Runs a source in real time on a thread of its own, and publishes each state to every consumer without waiting for any.
///
/// Samples are paced by absolute deadlines. Where the machine is late, the samples in between are worked through and only
/// the newest is published. After a standstill of more than `longestCatchUp` seconds (a suspended machine) the engine
/// goes on from where it stood. Another source can take over at any time: numbers and time go on, and nothing jumps.
public final class EngineLoop: Service, Sendable {
    /// Where sensors and controllers put what they measure.
    public let phiInputs = PhiInputs()

    /// A state older than this is not fresh, µs.
    private static let freshness: UInt64 = 500_000
    /// Those of other programs may come more rarely; how rarely, their sources judge, µs.
    private static let liveFreshness: UInt64 = 2_500_000
    /// How far the engine is behind the clock at most before it gives up on catching up, s.
    static let longestCatchUp = 2.0

    private let exchange: SourceExchange
    private let consumers: [TripleBuffer<TimedState>]
    private let record: SampleFeed<StateFigures>?
    private let logger: Logger
    private let hasRun = Atomic(false)
    private let shouldStop = Atomic(false)
    private let present: Mutex<EngineSummary>
    private let wished: Mutex<EngineWishes>
    private let wishCount = Atomic<UInt64>(0)
    private let changed = Atomic<UInt64>(0)
    private let lastSample = Atomic<UInt64>(0)
    private let published = Atomic<UInt64>(0)
    private let clamped = Atomic<UInt64>(0)
    private let replaced = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - source: Belongs to the loop from here on.
    ///   - settings: What the source was made with.
    ///   - consumers: One buffer for each thread that reads states.
    ///   - record: Gets every sample, while somebody wants them.
    public init(
        source: sending any StateSource, settings: EngineSettings = EngineSettings(),
        consumers: [TripleBuffer<TimedState>], record: SampleFeed<StateFigures>? = nil,
        logger: Logger = Logger(label: "phi-engine")
    ) {
        present = Mutex(EngineSummary(source))
        wished = Mutex(EngineWishes(settings: settings))
        exchange = SourceExchange(source)
        self.consumers = consumers
        self.record = record
        self.logger = logger
    }

    /// The engine that runs.
    public var summary: EngineSummary { present.withLock { $0 } }

    /// When what is wanted of it, or the engine itself, was last changed: µs of the monotonic clock; 0 where it never was.
    public var changedAt: UInt64 { changed.load(ordering: .acquiring) }

    /// What is wanted of it.
    public var wishes: EngineWishes { wished.withLock { $0 } }

    /// Whether a sample was published within the last half second, of an engine that is running.
    public var isFresh: Bool {
        let last = lastSample.load(ordering: .relaxed)
        let now = MonotonicClock.microseconds
        let summary = summary
        let limit = summary.isLive ? Self.liveFreshness : Self.freshness
        return last > 0 && (now < last || now - last < limit) && summary.health.condition == .running
    }

    /// Samples published since the start.
    public var publishedCount: UInt64 { published.load(ordering: .relaxed) }
    /// Values that were out of range and were clamped, since the start.
    public var clampedCount: UInt64 { clamped.load(ordering: .relaxed) }
    /// Values that were not finite and were replaced, since the start.
    public var replacedCount: UInt64 { replaced.load(ordering: .relaxed) }

    /// Runs the engine until a graceful shutdown or cancellation, and returns when its thread has ended.
    ///
    /// - Throws: `EngineError.alreadyRan` where it is called a second time.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else { throw EngineError.alreadyRan }
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-engine", stop: { self.stop() }) { self.work() }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    /// Goes over to other settings within a second, without a jump. May be called from any thread.
    public func apply(_ settings: EngineSettings) { change { $0.settings = settings } }

    /// Changes what is wanted of the engine. May be called from any thread; `body` has to be short.
    @discardableResult
    public func change<R: Sendable>(_ body: (inout EngineWishes) throws -> R) rethrows -> R {
        let result = try wished.withLock { try body(&$0) }
        changed.store(MonotonicClock.microseconds, ordering: .releasing)
        wishCount.add(1, ordering: .releasing)
        return result
    }

    /// Goes over to another source. May be called from any thread.
    public func replace(with source: sending any StateSource) { exchange.put(source) }

    private func stop() { shouldStop.store(true, ordering: .relaxed) }

    /// The body of the thread.
    private func work() {
        guard let source = exchange.take() else { return }
        var pacer = SourcePacer(source, phi: phiInputs)
        var sanitizer = StateSanitizer()
        var wishes = EngineWishes()
        var seen = UInt64.max
        var report = HealthReport()
        while !shouldStop.load(ordering: .relaxed) {
            let count = wishCount.load(ordering: .acquiring)
            if count != seen {
                wishes = self.wishes
                // The source was made with the first ones.
                if count > 0 { pacer.apply(wishes) }
                seen = count
            }
            if let next = exchange.take() {
                next.apply(wishes.settings)
                pacer.replace(with: next)
                logger.info("another engine runs", metadata: ["engine": "\(next.name)"])
                tell(pacer)
                changed.store(MonotonicClock.microseconds, ordering: .releasing)
            }
            let lateness = pacer.lateness
            if lateness > Self.longestCatchUp {
                logger.warning("the engine stood still", metadata: ["seconds": "\(lateness)"])
                pacer.skip(lateness)
            }
            if let error = pacer.advance() {
                logger.error("the engine failed", metadata: ["reason": "\(error)"])
            }
            // What is drawn first: it is handed over without a lock, and what is told of the engine waits for some.
            if pacer.hasNews { publish(&pacer, &sanitizer) }
            let health = tell(pacer)
            let time = Double(MonotonicClock.nanoseconds) * 1e-9
            // A failure has been told already.
            if health.condition != .failed, let line = report.line(for: health, at: time) {
                logger.log(
                    level: line.level, "\(line.text)", metadata: health.counts.mapValues { "\($0)" })
            }
            MonotonicClock.sleep(untilNanoseconds: pacer.nextDeadline)
        }
    }

    @discardableResult
    private func tell(_ pacer: SourcePacer) -> EngineHealth {
        let summary = pacer.summary
        present.withLock { if $0 != summary { $0 = summary } }
        return summary.health
    }

    private func publish(_ pacer: inout SourcePacer, _ sanitizer: inout StateSanitizer) {
        let sample = pacer.sample { sanitizer.sanitize(&$0) }
        for consumer in consumers { consumer.publish(sample) }
        record?.offer(StateFigures(sample))
        if replaced.load(ordering: .relaxed) == 0, sanitizer.replacedCount > 0 {
            logger.warning("the engine gave a value that is not a number; it was replaced")
        }
        clamped.store(sanitizer.clampedCount, ordering: .relaxed)
        replaced.store(sanitizer.replacedCount, ordering: .relaxed)
        lastSample.store(MonotonicClock.microseconds, ordering: .relaxed)
        published.add(1, ordering: .relaxed)
    }
}
