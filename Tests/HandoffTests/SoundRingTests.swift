import Handoff
import Testing

@Suite struct SoundRingTests {
    @Test func samplesComeOutInOrderAndWhatFindsNoRoomIsCounted() {
        let ring = SoundRing(capacity: 8)
        #expect(Self.write(ring, [1, 2, 3, 4, 5]) == 5)
        #expect(Self.read(ring, 3) == [1, 2, 3])
        #expect(Self.write(ring, [6, 7, 8, 9, 10, 11, 12]) == 6)
        #expect(ring.lostCount == 1)
        #expect(ring.writtenCount == 12)
        #expect(ring.count == 8)
        #expect(ring.room == 0)
        #expect(Self.read(ring, 20) == [4, 5, 6, 7, 8, 9, 10, 11])
        #expect(Self.read(ring, 1) == [])
        _ = Self.write(ring, [1, 2])
        ring.clear()
        #expect(ring.count == 0)
    }

    @Test func twoThreadsLoseNothing() async {
        let ring = SoundRing(capacity: 1_000)
        let total = 300_000
        let writer = Task.detached {
            var next = 0
            while next < total {
                let end = min(next + 137, total)
                next += Self.write(ring, (next..<end).map { Float($0) })
                await Task.yield()
            }
        }
        var expected = 0
        var isRight = true
        while expected < total {
            for value in Self.read(ring, 211) {
                isRight = isRight && value == Float(expected)
                expected += 1
            }
            await Task.yield()
        }
        await writer.value
        #expect(isRight)
    }

    private static func write(_ ring: SoundRing, _ samples: [Float]) -> Int {
        samples.withUnsafeBufferPointer { ring.write($0) }
    }

    private static func read(_ ring: SoundRing, _ count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, taken in
            buffer.initialize(repeating: 0)
            taken = ring.read(into: buffer)
        }
    }
}
