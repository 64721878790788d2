import Testing

@testable import AudioDevice

@Suite("Keeping sound where it belongs")
struct PlaybackSteeringTests {
    @Test("the first step leaps, forwards or by waiting; the next go by speed")
    func firstStep() {
        var steering = PlaybackSteering()
        #expect(steering.step(960) == .skip(960))
        #expect(steering.step(0) == .play(speed: 1))
        steering.restart()
        #expect(steering.step(-300.4) == .wait(300))
    }

    @Test("a little off is made good by a speed nobody hears, in either direction")
    func speed() {
        var steering = PlaybackSteering()
        _ = steering.step(0)
        guard case .play(let faster) = steering.step(480), case .play(let slower) = steering.step(-480) else {
            Issue.record("10 ms were leapt")
            return
        }
        #expect(abs(faster - 1.0025) < 1e-9)
        #expect(abs(slower - 0.9975) < 1e-9)
        guard case .play(let most) = steering.step(3_000) else {
            Issue.record("62 ms were leapt")
            return
        }
        #expect(most == 1.005)
    }

    @Test("far off is leapt")
    func leap() {
        var steering = PlaybackSteering()
        _ = steering.step(0)
        #expect(steering.step(4_800) == .skip(4_800))
        #expect(steering.step(-4_800) == .wait(4_800))
    }

    @Test("40 ms off is under 2 ms after twenty seconds")
    func settles() {
        var steering = PlaybackSteering()
        _ = steering.step(0)
        var error = 0.04 * 48_000
        let block = 256.0
        for _ in 0..<Int(20 * 48_000 / block) {
            guard case .play(let speed) = steering.step(error) else {
                Issue.record("it leapt")
                return
            }
            error -= block * (speed - 1)
        }
        #expect(abs(error) < 0.002 * 48_000)
    }
}
