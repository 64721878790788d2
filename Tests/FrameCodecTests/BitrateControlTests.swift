import Testing

@testable import FrameCodec

struct BitrateControlTests {
    private func control(_ start: Int = 5_000_000) -> BitrateControl {
        BitrateControl(range: 500_000...12_000_000, start: start, framesPerSecond: 60)
    }

    /// Decides every half second from `from` to `to` seconds.
    private func run(
        _ control: inout BitrateControl, from: Int, to: Int, _ reports: (BitrateControl) -> [LinkReport]
    ) {
        for n in from * 2..<to * 2 { control.decide(reports(control), now: UInt64(n) * 500_000 + 10_000_000) }
    }

    @Test("A congested line pulls the bitrate under what arrives there within two decisions")
    func falls() {
        var control = control()
        run(&control, from: 0, to: 1) { _ in [LinkReport(bitsPerSecond: 2_000_000, isCongested: true)] }
        #expect(control.bitsPerSecond <= 1_800_000)
        #expect(control.bitsPerSecond >= 500_000)
    }

    @Test("It recovers by a twentieth each half second, after two quiet seconds, and not beyond the most")
    func recovers() {
        var control = control()
        run(&control, from: 0, to: 1) { _ in [LinkReport(bitsPerSecond: 2_000_000, isCongested: true)] }
        let low = control.bitsPerSecond
        run(&control, from: 1, to: 2) { _ in [LinkReport(bitsPerSecond: 1_000_000, isCongested: false)] }
        #expect(control.bitsPerSecond == low)
        var last = low
        run(&control, from: 2, to: 60) { control in
            #expect(control.bitsPerSecond <= last + last / 20 + 1)
            last = control.bitsPerSecond
            return []
        }
        #expect(control.bitsPerSecond == 12_000_000)
    }

    @Test("A viewer below the least bitrate is not waited for")
    func unacceptable() {
        var control = control()
        run(&control, from: 0, to: 10) { _ in [LinkReport(bitsPerSecond: 100_000, isCongested: true)] }
        #expect(control.bitsPerSecond >= 5_000_000)
    }

    @Test("At the least bitrate the rate gives way, to a quarter at most, and comes back first")
    func rate() {
        var control = control()
        run(&control, from: 0, to: 20) { _ in [LinkReport(bitsPerSecond: 450_000, isCongested: true)] }
        #expect(control.bitsPerSecond == 500_000)
        #expect(control.rateDivisor == 4)
        run(&control, from: 20, to: 40) { _ in [] }
        #expect(control.rateDivisor == 1)
        #expect(control.bitsPerSecond > 500_000)
    }

    @Test(
        "A late server sends fewer frames within a second, whatever viewers report, and is longer left alone each time")
    func lateness() {
        var control = control()
        var now: UInt64 = 10_000_000
        func decide(isLate: Bool, _ control: inout BitrateControl) {
            var distribution = Distribution()
            distribution.add(microseconds: 4_000, isLate: isLate)
            control.decide([], distribution, now: now)
            now += 500_000
        }
        /// Seconds until the full rate is back.
        func recovery(_ control: inout BitrateControl) -> Double {
            let start = now
            while control.rateDivisor > 1, now < start + 100_000_000 { decide(isLate: false, &control) }
            return Double(now - start) * 1e-6
        }
        for _ in 0..<2 { decide(isLate: true, &control) }
        #expect(control.rateDivisor == 2)
        #expect(control.bitsPerSecond == 5_000_000)
        let first = recovery(&control)
        #expect((2...6).contains(first))
        for _ in 0..<2 { decide(isLate: true, &control) }
        let second = recovery(&control)
        #expect(second > first)
        for _ in 0..<20 { decide(isLate: true, &control) }
        #expect(control.rateDivisor == 4)
        #expect(control.bitsPerSecond >= 500_000)
    }

    @Test("Where handing out costs next to nothing, lateness has another cause, and a full rate comes back soon")
    func idle() {
        var control = control()
        var now: UInt64 = 10_000_000
        func decide(microseconds: UInt64, isLate: Bool, times: Int) {
            for _ in 0..<times {
                var distribution = Distribution()
                distribution.add(microseconds: microseconds, isLate: isLate)
                control.decide([], distribution, now: now)
                now += 500_000
            }
        }
        decide(microseconds: 200, isLate: true, times: 20)
        #expect(control.rateDivisor == 1)
        decide(microseconds: 15_000, isLate: true, times: 20)
        #expect(control.rateDivisor == 4)
        #expect(control.cause == .server)
        // The viewers are gone but for one.
        decide(microseconds: 200, isLate: false, times: 16)
        #expect(control.rateDivisor == 1)
    }

    @Test("What is kept gives way to no single viewer, and to a late server no further than to half its rate")
    func kept() {
        var control = control()
        var now: UInt64 = 10_000_000
        func decide(_ reports: [LinkReport], isLate: Bool, isKept: Bool, times: Int) {
            for _ in 0..<times {
                var distribution = Distribution()
                distribution.add(microseconds: 10_000, isLate: isLate)
                control.decide(reports, distribution, isKept: isKept, now: now)
                now += 500_000
            }
        }
        let slow = [LinkReport(bitsPerSecond: 600_000, isCongested: true)]
        decide(slow, isLate: false, isKept: true, times: 20)
        #expect(control.bitsPerSecond >= 5_000_000)
        #expect(control.rateDivisor == 1)
        decide([], isLate: true, isKept: true, times: 20)
        #expect(control.rateDivisor == 2)
        decide([], isLate: true, isKept: false, times: 20)
        #expect(control.rateDivisor == 4)
        // A recording begins.
        decide([], isLate: false, isKept: true, times: 1)
        #expect(control.rateDivisor <= 2)
    }

    @Test("The rate does not climb to where handing out frames would fill an event loop")
    func busy() {
        var control = control()
        var now: UInt64 = 10_000_000
        func decide(microseconds: UInt64, isLate: Bool, times: Int) {
            for _ in 0..<times {
                var distribution = Distribution()
                distribution.add(microseconds: microseconds, isLate: isLate)
                control.decide([], distribution, now: now)
                now += 500_000
            }
        }
        decide(microseconds: 15_000, isLate: true, times: 2)
        #expect(control.rateDivisor == 2)
        decide(microseconds: 15_000, isLate: false, times: 400)
        #expect(control.rateDivisor == 2)
        decide(microseconds: 3_000, isLate: false, times: 2)
        #expect(control.rateDivisor == 1)
    }
}
