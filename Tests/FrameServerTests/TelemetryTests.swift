import CoreMetrics
import Handoff
import Testing

@testable import Telemetry

struct TelemetryTests {
    @Test("The rate is right a quarter of a second after the start, holds, and falls to zero")
    func rate() {
        var meter = RateMeter()
        var readings: [Double] = []
        let start: UInt64 = 50_000_000
        #expect(meter.rate(at: start) == 0)
        for n in 0..<300 {
            let time = start + UInt64(n) * 16_667
            meter.add(at: time)
            if n > 15 { readings.append(meter.rate(at: time)) }
        }
        #expect(readings.allSatisfy { (58...63).contains($0) }, "\(readings.min() ?? 0) … \(readings.max() ?? 0)")
        let end = start + 299 * 16_667
        #expect((55...63).contains(meter.rate(at: end + 100_000)))
        #expect(meter.rate(at: end + 700_000) < 35)
        #expect(meter.rate(at: end + 1_300_000) == 0)
        meter.add(at: end + 60_000_000)
        #expect(meter.rate(at: end + 60_000_000) == 0)
    }

    @Test("Events that are reported late count where they happened")
    func lateReports() {
        var meter = RateMeter()
        let start: UInt64 = 50_000_000
        for n in 0..<120 { meter.add(at: start + UInt64(n) * 10_000) }
        let end = start + 1_190_000
        let before = meter.rate(at: end)
        meter.add(20, at: end - 300_000)
        #expect(abs(meter.rate(at: end) - before - 20) < 1)
        meter.add(1_000, at: end - 2_000_000)
        #expect(abs(meter.rate(at: end) - before - 20) < 1)
    }

    @Test("Percentiles are of the last five seconds")
    func distribution() {
        var distribution = RollingDistribution()
        let start: UInt64 = 100_000_000
        for n: UInt64 in 1...100 { distribution.record(n * 1_000, at: start) }
        let now = distribution.percentiles(at: start + 1_000_000)
        #expect(abs(now.p50 - 50) < 1)
        #expect(abs(now.p95 - 95) < 1)
        #expect(abs(now.p99 - 99) < 1)
        #expect(now.count == 100)
        distribution.record(5_000, at: start + 4_000_000)
        let counts = [4_900_000, 5_100_000, 60_000_000].map { distribution.percentiles(at: start + $0).count }
        #expect(counts == [101, 1, 0])
    }

    @Test("The registry serves swift-metrics, escapes labels, and refuses a second kind under one name")
    func registry() {
        let registry = PrometheusRegistry()
        registry.describe("a.b", "First\nsecond.")
        registry.makeCounter(label: "a.b", dimensions: [("path", #"x"\y"#)]).increment(by: 3)
        registry.makeCounter(label: "a.b", dimensions: [("path", #"x"\y"#)]).increment(by: 4)
        registry.makeRecorder(label: "a.b", dimensions: [], aggregate: false).record(9.0)
        registry.makeMeter(label: "level", dimensions: []).set(1.5)
        registry.makeTimer(label: "t", dimensions: []).recordNanoseconds(20_000_000)
        let text = registry.render()
        #expect(text.contains("# HELP a_b First\\nsecond.\n# TYPE a_b counter\na_b{path=\"x\\\"\\\\y\"} 7\n"))
        #expect(!text.contains("a_b 9"))
        #expect(text.contains("# TYPE level gauge\nlevel 1.5\n"))
        #expect(text.contains("t_bucket{le=\"0.0167\"} 0\nt_bucket{le=\"0.025\"} 1\n"))
        #expect(text.contains("t_sum 0.02\nt_count 1\n"))
    }

    @Test("A frame is counted through its stages")
    func frames() {
        let registry = PrometheusRegistry()
        let statistics = FrameStatistics(registry: registry)
        #expect(statistics.snapshot().newestAge == .infinity)
        var info = FrameInfo()
        info.sequence = 12
        info.presentationTime = MonotonicClock.microseconds
        info.renderMicroseconds = 2_000
        statistics.recordRendered(info)
        statistics.recordEncoded(microseconds: 1_000, bytes: 500)
        statistics.recordSent(viewers: 3, queueMicroseconds: 100)
        statistics.recordDropped(reason: "slow_viewer", count: 2)
        let figures = statistics.snapshot()
        #expect(figures.renderedTotal == 1 && figures.encodedTotal == 1 && figures.sentTotal == 3)
        #expect(figures.newestSequence == 12)
        #expect(figures.newestAge < 1)
        #expect(figures.drops == ["slow_viewer": 2])
        #expect(abs((figures.stages[.render]?.p50 ?? 0) - 2) < 0.05)
        #expect(registry.render().contains("soundlab_frames_dropped_total{reason=\"slow_viewer\"} 2\n"))
    }

    @Test("Changes of quality are counted by reason, all of which are there from the first scrape on")
    func quality() {
        let registry = PrometheusRegistry()
        let statistics = QualityStatistics(registry: registry)
        #expect(statistics.figures().lastReason == nil)
        #expect(statistics.figures().changes == [.chosen: 0, .overload: 0, .headroom: 0])
        for reason in ["chosen", "overload", "headroom"] {
            #expect(registry.render().contains("soundlab_quality_changes_total{reason=\"\(reason)\"} 0\n"))
        }
        statistics.recordChange(.overload, at: 5)
        statistics.recordChange(.overload, at: 6)
        statistics.recordChange(.headroom, at: 9)
        let figures = statistics.figures()
        #expect(figures.lastReason == .headroom && figures.lastTime == 9)
        #expect(figures.changes == [.chosen: 0, .overload: 2, .headroom: 1])
        #expect(registry.render().contains("# TYPE soundlab_quality_changes_total counter\n"))
        #expect(registry.render().contains("soundlab_quality_changes_total{reason=\"overload\"} 2\n"))
    }

    @Test("The process's own memory and work are seen")
    func usage() async throws {
        let usage = ProcessUsage()
        #expect(usage.reading().residentBytes > 1_000_000)
        #expect((0.001...100).contains(usage.reading().memoryPercent))
        let end = MonotonicClock.microseconds + 300_000
        var sum: UInt64 = 0
        while MonotonicClock.microseconds < end { sum &+= 1 }
        #expect(usage.reading().cpuPercent > 5)
        #expect(sum > 0)
    }
}
