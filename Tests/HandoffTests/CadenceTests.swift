import Testing

@testable import Handoff

struct CadenceTests {
    /// The times of the frames that a cadence takes of a stream at `rate`, for `seconds`.
    private func taken(_ wanted: Double, of rate: Double, seconds: Double = 10, jitter: Double = 0) -> [Double] {
        var cadence = Cadence(framesPerSecond: wanted)
        var times: [Double] = []
        for n in 0..<Int(rate * seconds) {
            let wobble = jitter * Double(n * 7919 % 13 - 6) / 6
            let time = 1e6 + (Double(n) * 1e6 / rate) + wobble
            if cadence.takes(UInt64(time)) { times.append(time) }
        }
        return times
    }

    @Test(
        "The rate is kept whatever the source's rate",
        arguments: [(30.0, 60.0), (30, 50), (30, 47), (24, 60), (25, 60), (30, 144), (60, 144), (10, 33), (1, 60)])
    func rate(_ wanted: Double, _ source: Double) {
        let count = Double(taken(wanted, of: source).count) / 10
        #expect(abs(count - wanted) <= 0.2)
    }

    @Test("Gaps differ by at most one frame of the source", arguments: [(30.0, 60.0), (30, 50), (24, 60), (60, 144)])
    func evenness(_ wanted: Double, _ source: Double) {
        let times = taken(wanted, of: source)
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        let (least, most) = (gaps.min() ?? 0, gaps.max() ?? .infinity)
        #expect(most - least <= 1e6 / source + 2)
    }

    @Test("Jitter of a quarter frame moves nothing: every second frame of 60 is taken for 30")
    func jitter() {
        let times = taken(30, of: 60, jitter: 4_000)
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { abs($0 - 33_333) < 9_000 })
        #expect(abs(times.count - 300) <= 1)
    }

    @Test("A source slower than the wanted rate is taken whole, also with jitter")
    func slowSource() {
        #expect(taken(60, of: 60, jitter: 5_000).count >= 595)
        #expect(taken(60, of: 45, jitter: 3_000).count == 450)
        #expect(taken(60, of: 59.5, jitter: 3_000).count >= 590)
    }

    @Test("After a pause no frames are owed")
    func pause() {
        var cadence = Cadence(framesPerSecond: 10)
        let first = cadence.takes(1_000_000)
        #expect(first)
        let late = (0..<20).filter { cadence.takes(60_000_000 + UInt64($0) * 10_000) }
        #expect(late.count <= 3)
    }
}
