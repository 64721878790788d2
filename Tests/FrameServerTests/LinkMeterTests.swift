import FrameCodec
import Testing

@testable import FrameServer

struct LinkMeterTests {
    @Test("A report comes every half second, and tells what arrived since the last")
    func rate() {
        var meter = LinkMeter(since: 0)
        meter.arrived(bytes: 10_000)
        #expect(meter.report(now: 499_999) == nil)
        #expect(meter.report(now: 500_000) == .init(bitsPerSecond: 160_000, isCongested: false))
        #expect(meter.report(now: 1_000_000) == .init(bitsPerSecond: 0, isCongested: false))
    }

    @Test("A line on which frames wait is congested from the second report on, until none waits")
    func congestion() {
        var meter = LinkMeter(since: 0)
        var reports: [Bool?] = []
        for (n, wait) in ([101_000, 150_000, 100_000, 0, 101_000, 101_000, 0] as [UInt64]).enumerated() {
            meter.waited(wait)
            reports.append(meter.report(now: UInt64(n + 1) * 500_000)?.isCongested)
        }
        #expect(reports == [false, true, false, false, false, true, false])
    }

    @Test("A reader that freezes never tells of a slow line: when it counts as congested nothing arrives any more")
    func frozen() {
        var meter = LinkMeter(since: 0)
        meter.arrived(bytes: 100_000)
        meter.dropped()
        #expect(meter.report(now: 500_000) == .init(bitsPerSecond: 1_600_000, isCongested: false))
        for n: UInt64 in 2...4 {
            meter.dropped()
            #expect(meter.report(now: n * 500_000) == .init(bitsPerSecond: 0, isCongested: true))
        }
    }
}
