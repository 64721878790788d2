import Dispatch
import Handoff
import Synchronization
import Testing

@Suite("Triple buffer")
struct TripleBufferTests {
    /// Large enough that a copy of it can be torn.
    private struct Block: BitwiseCopyable, Sendable {
        var words: InlineArray<512, UInt64>
        init(_ n: UInt64) { words = InlineArray(repeating: n) }

        /// The number the block was made of, or nil where it is a mixture.
        var number: UInt64? {
            for k in words.indices where words[k] != words[0] { return nil }
            return words[0]
        }
    }

    @Test("the reader sees the initial value, then the newest, once as new")
    func newest() {
        let buffer = TripleBuffer(0)
        #expect(buffer.latest { value, isNew in (value, isNew) } == (0, false))
        buffer.publish(1)
        buffer.publish(2)
        buffer.publish(3)
        #expect(buffer.latest { value, isNew in (value, isNew) } == (3, true))
        #expect(buffer.latest { value, isNew in (value, isNew) } == (3, false))
        buffer.publish(4)
        #expect(buffer.latest { value, isNew in (value, isNew) } == (4, true))
    }

    @Test("between two threads no value is torn, none goes back, and the last is seen")
    func twoThreads() {
        let buffer = TripleBuffer(Block(0))
        let readerIsDone = Atomic(false)
        let last = Atomic<UInt64>(0)
        // Expectations belong to the test's own task, so the threads only count.
        let tally = Mutex((fresh: 0, torn: 0, backward: 0))
        let deadline = MonotonicClock.microseconds + 20_000_000
        DispatchQueue.concurrentPerform(iterations: 2) { side in
            if side == 0 {
                var n: UInt64 = 0
                while !readerIsDone.load(ordering: .acquiring) && MonotonicClock.microseconds < deadline {
                    n += 1
                    buffer.publish(Block(n))
                }
                last.store(n, ordering: .releasing)
            } else {
                var seen: UInt64 = 0
                var fresh = 0, torn = 0, backward = 0
                while fresh < 3_000 && MonotonicClock.microseconds < deadline {
                    let (number, isNew) = buffer.latest { ($0.number, $1) }
                    guard let number else {
                        torn += 1
                        continue
                    }
                    if number < seen { backward += 1 }
                    seen = number
                    if isNew { fresh += 1 }
                }
                readerIsDone.store(true, ordering: .releasing)
                tally.withLock { [fresh, torn, backward] in $0 = (fresh, torn, backward) }
            }
        }
        let result = tally.withLock { $0 }
        #expect(result.torn == 0)
        #expect(result.backward == 0)
        #expect(result.fresh == 3_000)
        #expect(buffer.latest { block, _ in block.number } == last.load(ordering: .acquiring))
    }
}
