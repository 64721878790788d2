public import Handoff
import Synchronization

/// Counts frames on their way from the renderer to the viewers. Takes a lock: not for the render thread.
public final class FrameStatistics: Sendable {
    private struct State: Sendable {
        var rendered = RateMeter()
        var encoded = RateMeter()
        var sent = RateMeter()
        var stages = [FrameStage: RollingDistribution](
            uniqueKeysWithValues: FrameStage.allCases.map { ($0, RollingDistribution()) })
        var latency = RollingDistribution()
        var roundTrip = RollingDistribution()
        var totals = FrameFigures()
        var newestAt: UInt64 = 0
        var dropped: [String: CounterSeries] = [:]
    }

    private let state = Mutex(State())
    private let registry: PrometheusRegistry
    private let stageSeconds: [FrameStage: HistogramSeries]
    private let latencySeconds: HistogramSeries
    private let renderedCounter: CounterSeries
    private let encodedCounter: CounterSeries
    private let sentCounter: CounterSeries

    /// - Parameter registry: Where the counters and histograms of `GET /metrics` are kept.
    public init(registry: PrometheusRegistry) {
        self.registry = registry
        registry.describe("soundlab_frame_stage_seconds", "Time a frame spent in each stage.")
        registry.describe(
            "soundlab_frame_latency_seconds", "Time from the engine's sample to the socket of a viewer.")
        registry.describe("soundlab_frames_rendered_total", "Frames rendered since the start.")
        registry.describe("soundlab_frames_encoded_total", "Frames encoded since the start.")
        registry.describe("soundlab_frames_sent_total", "Frames handed to viewers since the start.")
        registry.describe("soundlab_frames_dropped_total", "Frames that were not shown, by the reason.")
        stageSeconds = Dictionary(
            uniqueKeysWithValues: FrameStage.allCases.map {
                ($0, registry.histogram("soundlab_frame_stage_seconds", [("stage", $0.rawValue)]))
            })
        latencySeconds = registry.histogram("soundlab_frame_latency_seconds")
        renderedCounter = registry.counter("soundlab_frames_rendered_total")
        encodedCounter = registry.counter("soundlab_frames_encoded_total")
        sentCounter = registry.counter("soundlab_frames_sent_total")
        // The family is there from the first scrape on.
        recordDropped(reason: "slow_viewer", count: 0)
    }

    /// A frame has been rendered and read back. May be reported some time after it was.
    public func recordRendered(_ info: FrameInfo) {
        let done = info.presentationTime + UInt64(info.renderMicroseconds) + UInt64(info.readbackMicroseconds)
        renderedCounter.increment(by: Int64(1))
        state.withLock { state in
            state.rendered.add(at: done)
            state.newestAt = max(state.newestAt, done)
            state.totals.renderedTotal += 1
            state.totals.newestSequence = info.sequence
        }
        record(.render, microseconds: UInt64(info.renderMicroseconds))
        record(.readback, microseconds: UInt64(info.readbackMicroseconds))
    }

    /// A frame has been encoded.
    public func recordEncoded(microseconds: UInt64, bytes: Int) {
        encodedCounter.increment(by: Int64(1))
        let now = MonotonicClock.microseconds
        state.withLock { state in
            state.encoded.add(at: now)
            state.totals.encodedTotal += 1
        }
        record(.encode, microseconds: microseconds)
    }

    /// A frame has been handed to `viewers` sockets, `queueMicroseconds` after it was encoded; nil where it was kept for
    /// somebody who came later, so that its wait was no queue.
    public func recordSent(viewers: Int, queueMicroseconds: UInt64?) {
        guard viewers > 0 else { return }
        sentCounter.increment(by: Int64(viewers))
        let now = MonotonicClock.microseconds
        state.withLock { state in
            state.sent.add(Double(viewers), at: now)
            state.totals.sentTotal += UInt64(viewers)
        }
        if let queueMicroseconds { record(.queue, microseconds: queueMicroseconds) }
    }

    /// Frames were not sent, shown or taken.
    public func recordDropped(reason: String, count: Int = 1) {
        let counter = state.withLock { state in
            state.totals.drops[reason, default: 0] += UInt64(max(0, count))
            if let known = state.dropped[reason] { return known }
            let new = registry.counter("soundlab_frames_dropped_total", [("reason", reason)])
            state.dropped[reason] = new
            return new
        }
        counter.increment(by: Int64(count))
    }

    /// Time from the engine's sample to the socket of a viewer.
    public func recordLatency(seconds: Double) {
        guard seconds.isFinite, seconds >= 0 else { return }
        latencySeconds.record(seconds)
        let now = MonotonicClock.microseconds
        state.withLock { $0.latency.record(UInt64(min(seconds, 1_000) * 1e6), at: now) }
    }

    /// Time from a frame or a ping to the viewer's answer.
    public func recordRoundTrip(microseconds: UInt64) {
        let now = MonotonicClock.microseconds
        state.withLock { $0.roundTrip.record(microseconds, at: now) }
    }

    /// Frames rendered over the last second. Cheaper than a snapshot.
    public var renderedPerSecond: Double {
        let now = MonotonicClock.microseconds
        return state.withLock { $0.rendered.rate(at: now) }
    }

    /// What is known now.
    public func snapshot() -> FrameFigures { snapshot(at: MonotonicClock.microseconds) }

    func snapshot(at now: UInt64) -> FrameFigures {
        state.withLock { state in
            var figures = state.totals
            figures.renderedPerSecond = state.rendered.rate(at: now)
            figures.encodedPerSecond = state.encoded.rate(at: now)
            figures.sentPerSecond = state.sent.rate(at: now)
            for stage in FrameStage.allCases {
                figures.stages[stage] = state.stages[stage]?.percentiles(at: now)
            }
            figures.latency = state.latency.percentiles(at: now)
            figures.roundTrip = state.roundTrip.percentiles(at: now)
            if state.newestAt > 0 {
                figures.newestAge = now > state.newestAt ? Double(now - state.newestAt) * 1e-6 : 0
            }
            return figures
        }
    }

    private func record(_ stage: FrameStage, microseconds: UInt64) {
        stageSeconds[stage]?.record(Double(microseconds) * 1e-6)
        let now = MonotonicClock.microseconds
        state.withLock { $0.stages[stage]?.record(microseconds, at: now) }
    }
}
