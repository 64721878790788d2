import Dispatch
import Handoff
import Synchronization
import Testing

@Suite("Event ring and demand")
struct EventRingTests {
    @Test("values come out in order; a full ring refuses and counts")
    func orderAndRefusal() {
        let ring = EventRing(capacity: 3, filler: 0)
        #expect(ring.pop() == nil)
        #expect(ring.push(1) && ring.push(2) && ring.push(3))
        #expect(!ring.push(4))
        #expect(!ring.push(5))
        #expect(ring.refusedCount == 2)
        #expect(ring.pop() == 1)
        #expect(ring.push(6))
        #expect([ring.pop(), ring.pop(), ring.pop(), ring.pop()] == [2, 3, 6, nil])
    }

    @Test("between two threads nothing is lost, doubled or out of order")
    func twoThreads() {
        let ring = EventRing(capacity: 8, filler: 0)
        let count = 50_000
        // Expectations belong to the test's own task, so the threads only count.
        let tally = Mutex((received: 0, wrong: 0))
        DispatchQueue.concurrentPerform(iterations: 2) { side in
            if side == 0 {
                var n = 1
                while n <= count { if ring.push(n) { n += 1 } }
            } else {
                var expected = 1, wrong = 0
                let deadline = MonotonicClock.microseconds + 20_000_000
                while expected <= count && MonotonicClock.microseconds < deadline {
                    guard let value = ring.pop() else { continue }
                    if value != expected { wrong += 1 }
                    expected += 1
                }
                tally.withLock { [expected, wrong] in $0 = (expected - 1, wrong) }
            }
        }
        let result = tally.withLock { $0 }
        #expect(result.wrong == 0)
        #expect(result.received == count)
        #expect(ring.pop() == nil)
    }

    @Test("demand is there while somebody wants")
    func demand() {
        let demand = Demand()
        #expect(!demand.isWanted)
        demand.add()
        demand.add()
        demand.remove()
        #expect(demand.isWanted)
        demand.remove()
        #expect(!demand.isWanted)
    }

    @Test("a sleep ends at its deadline, and one that has passed at once")
    func sleep() {
        let begin = MonotonicClock.nanoseconds
        MonotonicClock.sleep(untilNanoseconds: begin + 20_000_000)
        let woken = MonotonicClock.nanoseconds
        #expect(woken >= begin + 20_000_000)
        MonotonicClock.sleep(untilNanoseconds: begin)
        #expect(MonotonicClock.nanoseconds - woken < 1_000_000_000)
    }
}
