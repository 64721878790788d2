import Dispatch
import Handoff
import Synchronization
import Testing

@Suite("Frame pool, lease, mailbox")
struct FrameMailboxTests {
    /// The memory behind a pool; `isAlive` outlives it.
    private final class Memory: Sendable {
        let bytes: Mutex<[UInt]>
        private let isAlive: Flag

        final class Flag: Sendable {
            private let value = Atomic(true)
            var isSet: Bool { value.load(ordering: .acquiring) }
            func clear() { value.store(false, ordering: .releasing) }
        }

        init(slots: Int, size: Int, isAlive: Flag = Flag()) {
            self.isAlive = isAlive
            bytes = Mutex(
                (0..<slots).map { _ in
                    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
                    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
                    return UInt(bitPattern: memory)
                })
        }

        deinit {
            for address in bytes.withLock({ $0 }) { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
            isAlive.clear()
        }

        private func pixels(_ size: Int) -> [UnsafeRawBufferPointer] {
            bytes.withLock { addresses in
                addresses.map { UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: $0), count: size) }
            }
        }

        func replaces(_ pool: FramePool, size: Int) -> Bool { pool.replace(pixels: pixels(size), owner: self) }

        func pool(size: Int) -> FramePool {
            FramePool(pixels: pixels(size), owner: self)
        }
    }

    private func pool(slots: Int, size: Int = 16) -> FramePool { Memory(slots: slots, size: size).pool(size: size) }

    /// How many slots of `pool` nobody holds.
    private func freeSlots(_ pool: FramePool) -> Int {
        guard let lease = pool.acquire() else { return 0 }
        let others = freeSlots(pool)
        _ = consume lease
        return 1 + others
    }

    private func info(_ sequence: UInt32) -> FrameInfo {
        var info = FrameInfo()
        info.sequence = sequence
        return info
    }

    @Test("the buffers of a pool are replaced only where nobody reads them, and the old ones go then")
    func replace() throws {
        let flag = Memory.Flag()
        let pool = Memory(slots: 2, size: 16, isAlive: flag).pool(size: 16)
        let mailbox = FrameMailbox(pool: pool)
        let next = Memory(slots: 2, size: 32)
        if let lease = pool.acquire() { mailbox.offer(lease) }
        #expect(!pool.isIdle)
        #expect(!next.replaces(pool, size: 32) && flag.isSet)
        mailbox.clear()
        #expect(pool.isIdle)
        #expect(next.replaces(pool, size: 32) && !flag.isSet)
        let size = pool.acquire()?.pixels.count
        #expect(size == 32)
        #expect(freeSlots(pool) == 2)
    }

    @Test("a pool gives each slot once, and again when its last lease has ended")
    func leases() {
        let pool = pool(slots: 3)
        #expect(freeSlots(pool) == 3)
        guard let lease = pool.acquire() else {
            Issue.record("the pool is empty")
            return
        }
        #expect(freeSlots(pool) == 2)
        let second = lease.share()
        let isSame = second.slot == lease.slot
        #expect(isSame)
        _ = consume lease
        #expect(freeSlots(pool) == 2)
        _ = consume second
        #expect(freeSlots(pool) == 3)
    }

    @Test("a full pool refuses")
    func exhausted() {
        let pool = pool(slots: 1)
        let lease = pool.acquire()
        let isGiven = lease != nil
        #expect(isGiven)
        let refused = pool.acquire() == nil
        #expect(refused)
        _ = consume lease
        #expect(freeSlots(pool) == 1)
    }

    @Test("what is shared carries the frame's information and pixels")
    func information() {
        let pool = pool(slots: 2, size: 64)
        guard let lease = pool.acquire() else {
            Issue.record("the pool is empty")
            return
        }
        lease.info = info(77)
        let copy = lease.share()
        let (sequence, pixels, original) = (copy.info.sequence, copy.pixels, lease.pixels)
        #expect(sequence == 77)
        #expect(pixels.count == 64)
        #expect(pixels.baseAddress == original.baseAddress)
    }

    @Test("a lease keeps the memory alive, and its end lets it go")
    func memory() {
        let isAlive = Memory.Flag()
        var lease = Memory(slots: 1, size: 16, isAlive: isAlive).pool(size: 16).acquire()
        let isGiven = lease != nil
        #expect(isGiven)
        #expect(isAlive.isSet)
        lease = nil
        #expect(!isAlive.isSet)
    }

    @Test("in a mailbox the newest frame wins, and the one it replaces is free again")
    func newestWins() {
        let pool = pool(slots: 3)
        let mailbox = FrameMailbox(pool: pool)
        for n in 1...3 {
            guard let lease = pool.acquire() else {
                Issue.record("a replaced frame was not freed")
                return
            }
            lease.info = info(UInt32(n))
            mailbox.offer(lease)
        }
        #expect(mailbox.replacedCount == 2)
        #expect(freeSlots(pool) == 2)
        guard let taken = mailbox.take() else {
            Issue.record("the mailbox is empty")
            return
        }
        let sequence = taken.info.sequence
        #expect(sequence == 3)
        let isEmpty = mailbox.take() == nil
        #expect(isEmpty)
        _ = consume taken
        #expect(freeSlots(pool) == 3)
    }

    @Test("a mailbox that goes frees what it holds")
    func abandoned() {
        let pool = pool(slots: 1)
        do {
            let mailbox = FrameMailbox(pool: pool)
            if let lease = pool.acquire() { mailbox.offer(lease) }
            #expect(freeSlots(pool) == 0)
        }
        #expect(freeSlots(pool) == 1)
    }

    @Test("a wait ends by time, by waking, and by a frame")
    func waiting() {
        let pool = pool(slots: 1)
        let mailbox = FrameMailbox(pool: pool)
        let begin = MonotonicClock.microseconds
        let timedOut = mailbox.wait(milliseconds: 30) == nil
        #expect(timedOut)
        #expect(MonotonicClock.microseconds - begin >= 29_000)
        mailbox.wake()
        let woken = MonotonicClock.microseconds
        let isWoken = mailbox.wait(milliseconds: 10_000) == nil
        #expect(isWoken)
        #expect(MonotonicClock.microseconds - woken < 5_000_000)
        if let lease = pool.acquire() { mailbox.offer(lease) }
        let arrived = mailbox.wait(milliseconds: 10_000) != nil
        #expect(arrived)
    }

    @Test("between two threads frames arrive whole and in order, and every slot comes back")
    func twoThreads() {
        let size = 4096
        let pool = pool(slots: 3, size: size)
        let mailbox = FrameMailbox(pool: pool)
        let count: UInt32 = 5_000
        // Expectations belong to the test's own task, so the threads only count.
        let tally = Mutex((last: UInt32(0), torn: 0, backward: 0, received: 0))
        DispatchQueue.concurrentPerform(iterations: 2) { side in
            if side == 0 {
                var sequence: UInt32 = 0
                while sequence < count {
                    guard let lease = pool.acquire() else { continue }
                    sequence += 1
                    lease.info = info(sequence)
                    // The writer's right to a slot that it has just acquired.
                    UnsafeMutableRawBufferPointer(mutating: lease.pixels)
                        .initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: sequence))
                    mailbox.offer(lease)
                }
            } else {
                var last: UInt32 = 0
                var torn = 0, backward = 0, received = 0
                let deadline = MonotonicClock.microseconds + 20_000_000
                while last < count && MonotonicClock.microseconds < deadline {
                    guard let lease = mailbox.wait(milliseconds: 100) else { continue }
                    received += 1
                    let sequence = lease.info.sequence
                    if sequence <= last { backward += 1 }
                    last = sequence
                    let expected = UInt8(truncatingIfNeeded: sequence)
                    if !lease.pixels.allSatisfy({ $0 == expected }) { torn += 1 }
                }
                tally.withLock { [last, torn, backward, received] in $0 = (last, torn, backward, received) }
            }
        }
        let result = tally.withLock { $0 }
        #expect(result.torn == 0)
        #expect(result.backward == 0)
        #expect(result.last == count)
        #expect(UInt64(result.received) + mailbox.replacedCount == UInt64(count))
        #expect(freeSlots(pool) == 3)
    }
}
