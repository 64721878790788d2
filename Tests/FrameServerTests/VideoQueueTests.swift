import Testing

@testable import FrameServer

@Suite(.timeLimit(.minutes(1)))
struct VideoQueueTests {
    @Test("In whatever order: nothing that cannot be decoded, nothing old, not much, and pictures again")
    func anything() {
        var sent = 0
        for seed: UInt64 in 0..<4_000 {
            var run = QueueSimulation(VideoQueue<SimulatedFrame>(), seed: seed)
            let broken = run.run(steps: 80)
            #expect(broken == nil, "seed \(seed)")
            sent += run.sent
        }
        // Most of what is published to somebody who reads is sent: a queue that gives little would break no rule above.
        #expect(sent > 4_000 * 100, "\(sent)")
    }

    @Test("Each rule is broken by a queue with the fault that it is there for", arguments: FaultyQueue.Fault.allCases)
    func faults(_ fault: FaultyQueue.Fault) {
        let rejected = (0..<200 as Range<UInt64>).contains { seed in
            var run = QueueSimulation(FaultyQueue(fault), seed: seed)
            return run.run(steps: 80) != nil
        }
        #expect(rejected)
    }

    private func frame(_ chain: UInt64, key: Bool = false, at time: UInt64 = 0) -> SimulatedFrame {
        SimulatedFrame(chain: chain, isKey: key, publishedAt: time, epoch: 1)
    }

    @Test("The ninth frame that waits empties the queue; to a viewer who takes nothing no key frame is given either")
    func overflow() {
        var queue = VideoQueue<SimulatedFrame>()
        for n: UInt64 in 1...8 {
            #expect(queue.offer(frame(n, key: n == 1), isOpen: true, now: 0) == .init())
        }
        #expect(queue.offer(frame(9), isOpen: false, now: 0) == .init(dropped: 9, hasOverflowed: true))
        #expect(queue.isEmpty && queue.needsKey && queue.isInterrupted)
        #expect(queue.offer(frame(10, key: true), isOpen: false, now: 0) == .init(dropped: 1))
        #expect(queue.offer(frame(11), isOpen: true, now: 0) == .init(dropped: 1))
        #expect(queue.offer(frame(12, key: true), isOpen: true, now: 0) == .init())
        let next = queue.next()
        #expect(next?.frame.chain == 12)
        #expect(next?.isAfterGap == true)
    }

    @Test("A frame that has waited a quarter of a second is not sent after those that came later")
    func old() {
        var queue = VideoQueue<SimulatedFrame>()
        _ = queue.offer(frame(1, key: true, at: 0), isOpen: true, now: 0)
        #expect(queue.offer(frame(2, at: 250_000), isOpen: true, now: 250_000) == .init())
        let outcome = queue.offer(frame(3, at: 250_001), isOpen: true, now: 250_001)
        #expect(outcome == .init(dropped: 3, hasOverflowed: true))
    }

    @Test("A gap keeps what came before it, drops what came after, and a key frame heals it")
    func gap() {
        var queue = VideoQueue<SimulatedFrame>()
        for n: UInt64 in [1, 2, 4, 5] { _ = queue.offer(frame(n, key: n == 1), isOpen: true, now: 0) }
        _ = queue.offer(frame(6, key: true), isOpen: true, now: 0)
        _ = queue.offer(frame(7), isOpen: true, now: 0)
        var order: [UInt64] = [], gaps: [Bool] = []
        while let (frame, isAfterGap) = queue.next() {
            order.append(frame.chain)
            gaps.append(isAfterGap)
        }
        #expect(order == [1, 2, 6, 7])
        #expect(gaps == [false, false, true, false])
    }
}
