import Testing

@testable import FrameServer

struct AckWindowTests {
    private func window(roundTrip: UInt64) -> AckWindow {
        var window = AckWindow()
        window.didSend(1, now: 1_000_000)
        _ = window.acknowledge(1, now: 1_000_000 + roundTrip)
        return window
    }

    @Test(
        "clamp(⌈fps × min RTT⌉ + 2, 2, 8)",
        arguments: [(60.0, 0, 2), (60, 1_000, 3), (60, 16_000, 3), (60, 17_000, 4), (30, 50_000, 4), (60, 200_000, 8)])
    func size(_ rate: Double, _ roundTrip: UInt64, _ expected: Int) {
        #expect(window(roundTrip: roundTrip).size(framesPerSecond: rate) == expected)
    }

    @Test("The shortest round trip counts")
    func minimum() {
        var window = window(roundTrip: 20_000)
        window.didSend(2, now: 2_000_000)
        let roundTrip = window.acknowledge(2, now: 2_500_000)
        #expect(roundTrip?.roundTrip == 500_000)
        #expect(window.size(framesPerSecond: 60) == 4)
    }

    @Test("Who acknowledges several at once is given as many more")
    func batches() {
        var window = AckWindow()
        for n: UInt32 in 1...3 { window.didSend(n, now: 1_000_000 + UInt64(n) * 16_667) }
        #expect(window.acknowledge(3, now: 1_000_000 + 4 * 16_667)?.roundTrip == 16_667)
        #expect(window.size(framesPerSecond: 60) == 6)
    }

    @Test("Nobody who never acknowledged is held back")
    func silentFromTheStart() {
        var window = AckWindow()
        for n: UInt32 in 1...1_000 { window.didSend(n, now: UInt64(n)) }
        #expect(!window.isFull(framesPerSecond: 60))
        #expect(!window.isSilent(for: 1, now: .max / 2))
    }

    @Test("The first acknowledgement may come many frames late, and begins window and silence rule all the same")
    func lateFirst() {
        var window = AckWindow()
        for n: UInt32 in 1...40 { window.didSend(n, now: UInt64(n) * 16_667) }
        let roundTrip = window.acknowledge(15, now: 40 * 16_667)
        #expect(roundTrip?.roundTrip == 25 * 16_667)
        #expect(window.isAcknowledging)
        #expect(window.isFull(framesPerSecond: 60))
        #expect(window.isSilent(for: 4_000_000, now: 40 * 16_667 + 4_000_000))
    }

    @Test("Before the first acknowledgement at least 256 frames are remembered, and not twice as many")
    func bounded() {
        var window = AckWindow()
        for n: UInt32 in 1...10_000 { window.didSend(n, now: 1) }
        let forgotten = window.acknowledge(10_000 - 2 * UInt32(AckWindow.remembered), now: 2)
        #expect(forgotten == nil)
        let remembered = window.acknowledge(10_000 - UInt32(AckWindow.remembered) + 1, now: 2)
        #expect(remembered?.roundTrip == 1)
    }

    @Test("The same acknowledgement again and again measures nothing and keeps the viewer awake")
    func repeated() {
        var window = window(roundTrip: 20_000)
        window.didSend(2, now: 2_000_000)
        for step: UInt64 in 1...20 {
            let now = 2_000_000 + step * 500_000
            let roundTrip = window.acknowledge(1, now: now)
            #expect(roundTrip == nil)
            #expect(!window.isSilent(for: 4_000_000, now: now))
        }
        #expect(window.size(framesPerSecond: 60) == 4)
        let roundTrip = window.acknowledge(2, now: 13_000_000)
        #expect(roundTrip?.roundTrip == 11_000_000)
    }

    @Test("An acknowledgement covers all before it, also around the end of the numbers")
    func wrapping() {
        var window = window(roundTrip: 0)
        window.didSend(.max - 1, now: 10)
        window.didSend(.max, now: 11)
        window.didSend(0, now: 12)
        #expect(window.isFull(framesPerSecond: 60))
        let roundTrip = window.acknowledge(0, now: 20)
        #expect(roundTrip?.roundTrip == 8)
        #expect(!window.isFull(framesPerSecond: 60))
    }

    @Test("A frame that was sent after one with a higher number is acknowledged by its own")
    func outOfOrder() {
        var window = window(roundTrip: 0)
        window.didSend(8, bytes: 10, now: 10)
        window.didSend(7, bytes: 100, now: 11)
        #expect(window.isFull(framesPerSecond: 60))
        #expect(window.acknowledge(7, now: 20) == AckWindow.Answer(roundTrip: 9, bytes: 100))
        #expect(!window.isFull(framesPerSecond: 60))
        #expect(window.acknowledge(8, now: 30) == AckWindow.Answer(roundTrip: 20, bytes: 10))
    }

    @Test("Silence begins at the oldest frame on the way or the last word, whichever is later")
    func silence() {
        var window = window(roundTrip: 10)
        #expect(!window.isSilent(for: 4_000_000, now: 100_000_000), "nothing is on the way")
        window.didSend(2, now: 100_000_000)
        #expect(!window.isSilent(for: 4_000_000, now: 103_999_999))
        #expect(window.isSilent(for: 4_000_000, now: 104_000_000))
        _ = window.acknowledge(1, now: 104_000_000)
        #expect(!window.isSilent(for: 4_000_000, now: 107_000_000))
    }

    @Test("A number that was never sent acknowledges what is on the way and measures nothing")
    func unknownNumber() {
        var window = AckWindow()
        window.didSend(5, now: 1)
        #expect(window.hasSent(5) && !window.hasSent(4) && !window.hasSent(1_000) && !window.hasSent(4_000_000_000))
        #expect(window.hasSent(0), "none")
        let answer = window.acknowledge(1_000, now: 2)
        #expect(answer?.roundTrip == nil)
        #expect(!window.isAcknowledging)
    }

    @Test("Numbers wrap around; what lies before the first frame that was sent was not sent either")
    func wraps() {
        var window = AckWindow()
        for n in 0..<10 { window.didSend(UInt32.max &- 4 &+ UInt32(n), now: UInt64(n)) }
        #expect(window.hasSent(.max) && window.hasSent(3) && window.hasSent(.max - 4))
        #expect(!window.hasSent(.max - 5) && !window.hasSent(6))
        _ = window.acknowledge(.max, now: 20)
        #expect(window.hasSent(0), "it is between the two")
        for sent in [5, 1_000] as [UInt32] {
            var window = AckWindow()
            window.didSend(sent, now: 1)
            _ = window.acknowledge(sent, now: 2)
            #expect(window.hasSent(0), "as a hidden viewer says that it has none")
        }
    }
}
