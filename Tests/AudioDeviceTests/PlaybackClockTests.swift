import Testing

@testable import AudioDevice

@Suite("When a sample is heard")
struct PlaybackClockTests {
    private static let buffer: UInt64 = 512
    private static let second = 1e9

    /// Demands as hardware makes them: a buffer at a time, up to `jitter` late, by a quartz that is `ppm` fast.
    private func run(
        _ clock: inout PlaybackClock, seconds: Double, ppm: Double = 0, jitter: Double, start: Double = 5e9
    ) -> (number: UInt64, due: Double) {
        var number: UInt64 = 0, seed: UInt64 = 7
        while true {
            let due = start + Double(number) / 48_000 / (1 + ppm * 1e-6) * Self.second
            guard due < start + seconds * Self.second else { return (number, due) }
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            let late = Double(seed >> 40) / Double(1 << 24) * jitter * Self.second
            clock.demanded(after: number, at: UInt64(due + late))
            number += Self.buffer
        }
    }

    @Test("nothing is known before the first demand")
    func unknown() {
        #expect(PlaybackClock().time(of: 0) == nil)
    }

    @Test("jitter of 8 ms is averaged to half of it, within 1.5 ms")
    func jitter() throws {
        var clock = PlaybackClock()
        let (number, due) = run(&clock, seconds: 5, jitter: 0.008)
        let time = Double(try #require(clock.time(of: number)))
        #expect(abs(time - due - 0.004 * Self.second) < 0.0015 * Self.second)
    }

    @Test("a quartz that is 100 ppm off is followed within half a millisecond", arguments: [-100.0, 100])
    func drift(ppm: Double) throws {
        var clock = PlaybackClock()
        let (number, due) = run(&clock, seconds: 60, ppm: ppm, jitter: 0)
        let time = Double(try #require(clock.time(of: number)))
        // Without being followed, it would be 6 ms off by now.
        #expect(abs(time - due) < 0.0005 * Self.second)
    }

    @Test("hardware that stood still is believed at once")
    func standstill() throws {
        var clock = PlaybackClock()
        _ = run(&clock, seconds: 5, jitter: 0)
        clock.demanded(after: 48_000, at: 20_000_000_000)
        #expect(clock.time(of: 48_000) == 20_000_000_000)
    }
}
