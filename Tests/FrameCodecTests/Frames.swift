import FrameCodec
import Handoff
import Synchronization

/// A picture with smooth colours in every channel.
func gradient(width: Int, height: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            pixels.append(UInt8(x * 255 / max(width - 1, 1)))
            pixels.append(UInt8(y * 255 / max(height - 1, 1)))
            pixels.append(UInt8((x + y) % 256))
            pixels.append(255)
        }
    }
    return pixels
}

/// A pool of one-colour frames in memory of this process.
///
/// `@unchecked Sendable`: a buffer is written only by who holds its only lease; the counter is atomic.
final class TestPool: @unchecked Sendable {
    final class Memory {
        let buffers: [UnsafeMutableRawBufferPointer]
        init(count: Int, size: Int) {
            buffers = (0..<count).map { _ in .allocate(byteCount: size, alignment: 16) }
        }
        deinit { for buffer in buffers { buffer.deallocate() } }
    }

    let memory: Memory
    let pool: FramePool
    let width: Int
    let height: Int
    private let sequence = Atomic<UInt32>(0)

    init(count: Int = 3, width: Int = 64, height: Int = 48) {
        memory = Memory(count: count, size: width * height * 4)
        pool = FramePool(pixels: memory.buffers.map { UnsafeRawBufferPointer($0) }, owner: memory)
        self.width = width
        self.height = height
    }

    /// A frame that is filled with `level`.
    func frame(_ level: UInt8, at time: UInt64 = MonotonicClock.microseconds) throws -> FrameLease {
        guard let lease = pool.acquire() else { throw CodecError.noFrame }
        memory.buffers[lease.slot].initializeMemory(as: UInt8.self, repeating: level)
        var info = FrameInfo()
        info.sequence = sequence.add(1, ordering: .relaxed).newValue
        info.presentationTime = time
        (info.width, info.height) = (width, height)
        info.stateSequence = 1_000 + info.sequence
        lease.info = info
        return lease
    }
}

final class CollectingSink: FrameSink {
    private let collected = Mutex<[EncodedFrame]>([])
    var frames: [EncodedFrame] { collected.withLock { $0 } }
    private let failures = Mutex<[UInt16]>([])
    /// The streams that failed.
    var failed: [UInt16] { failures.withLock { $0 } }
    func publish(_ frame: EncodedFrame) { collected.withLock { $0.append(frame) } }
    func failed(_ stream: EncodedStream) { failures.withLock { $0.append(stream.id) } }
}
