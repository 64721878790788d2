import Handoff
import VulkanKit

/// The memory that finished pictures are read from.
final class ReadbackBuffers {
    private final class Slot {
        let buffer: Buffer
        init(_ buffer: consuming Buffer) { self.buffer = buffer }
    }

    private let slots: [Slot]

    init(_ device: Device, count: Int, width: Int, height: Int) throws(VulkanError) {
        var slots: [Slot] = []
        for n in 0..<count {
            slots.append(
                Slot(try Buffer(device, size: width * height * 4, use: .readback, name: "readback \(n)")))
        }
        self.slots = slots
    }

    private var pixels: [UnsafeRawBufferPointer] { slots.map { UnsafeRawBufferPointer($0.buffer.contents) } }

    /// A pool whose leases keep these buffers, and with them the device, alive.
    func makePool() -> FramePool {
        FramePool(pixels: pixels, attachmentSize: MemoryLayout<DrawnFrame>.size, owner: self)
    }

    /// Puts these buffers into a pool of others. False where one of those is still being read.
    func fill(_ pool: FramePool) -> Bool { pool.replace(pixels: pixels, owner: self) }

    func copy(_ image: borrowing Image, to slot: Int, _ commands: CommandRecorder) {
        commands.copy(image, to: slots[slot].buffer)
    }
}
