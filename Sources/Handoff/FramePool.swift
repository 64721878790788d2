import Synchronization

/// A fixed set of pixel buffers that a renderer fills and that any number of consumers read, without copies or
/// allocation: a buffer is free again when the last lease on it ends.
///
/// `@unchecked Sendable`: `infos`, the pixels and the attachment of a slot are written only by the thread that took the slot from zero
/// leases to one (`acquire`), before it hands out further leases; a lease only reads, and its end releases what the next
/// `acquire` of the slot acquires. `replace` is called by the thread that acquires, and changes what it does only where no
/// lease is.
public final class FramePool: @unchecked Sendable {
    private var pixels: [UnsafeRawBufferPointer]
    private let infos: UnsafeMutablePointer<FrameInfo>
    /// What the renderer leaves with a frame beside its pixels; it knows what the bytes mean.
    private let attachments: UnsafeMutableRawBufferPointer
    private let attachmentSize: Int
    private let leases: UnsafeMutablePointer<Atomic<Int>>
    /// Keeps the memory behind `pixels` alive for as long as a lease is.
    private var owner: AnyObject

    /// - Parameters:
    ///   - pixels: One buffer a slot, RGBA, 8 bits a component, rows without padding, top row first.
    ///   - attachmentSize: Room beside each buffer for what the renderer wants to leave with a frame, bytes.
    ///   - owner: The object whose memory the buffers are.
    public init(pixels: [UnsafeRawBufferPointer], attachmentSize: Int = 0, owner: AnyObject) {
        self.pixels = pixels
        self.owner = owner
        self.attachmentSize = attachmentSize
        attachments = .allocate(byteCount: pixels.count * attachmentSize, alignment: 16)
        attachments.initializeMemory(as: UInt8.self, repeating: 0)
        infos = .allocate(capacity: pixels.count)
        infos.initialize(repeating: FrameInfo(), count: pixels.count)
        leases = .allocate(capacity: pixels.count)
        for n in pixels.indices { (leases + n).initialize(to: Atomic(0)) }
    }

    deinit {
        infos.deallocate()
        attachments.deallocate()
        leases.deinitialize(count: pixels.count)
        leases.deallocate()
    }

    /// The number of slots.
    public var count: Int { pixels.count }

    /// Takes a free slot for writing, or returns nil where every slot is still being read.
    public func acquire() -> FrameLease? {
        for n in pixels.indices
        where leases[n].compareExchange(expected: 0, desired: 1, ordering: .acquiringAndReleasing).exchanged {
            return FrameLease(pool: self, slot: n)
        }
        return nil
    }

    /// Whether nobody has a lease.
    public var isIdle: Bool { pixels.indices.allSatisfy { leases[$0].load(ordering: .acquiring) == 0 } }

    /// Puts other buffers in the place of all: for a renderer whose device was lost, with all its memory. The writer's side.
    ///
    /// - Parameters:
    ///   - pixels: As many as there were, as for `init`.
    ///   - owner: The object whose memory they are; the old one is let go.
    /// - Returns: False where a lease is still held; nothing is changed then.
    public func replace(pixels: [UnsafeRawBufferPointer], owner: AnyObject) -> Bool {
        precondition(pixels.count == count, "a pool keeps its number of buffers")
        guard isIdle else { return false }
        self.pixels = pixels
        self.owner = owner
        return true
    }

    fileprivate func setInfo(_ info: FrameInfo, slot: Int) { infos[slot] = info }
    fileprivate func info(_ slot: Int) -> FrameInfo { infos[slot] }
    fileprivate func pixels(_ slot: Int) -> UnsafeRawBufferPointer { pixels[slot] }
    fileprivate func attachment(_ slot: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: attachments[(slot * attachmentSize)..<((slot + 1) * attachmentSize)])
    }
    fileprivate func retain(_ slot: Int) { leases[slot].add(1, ordering: .relaxed) }
    fileprivate func release(_ slot: Int) { leases[slot].subtract(1, ordering: .acquiringAndReleasing) }
}

/// The right to read one frame of a pool. Ends when the value does.
public struct FrameLease: ~Copyable, Sendable {
    private let pool: FramePool
    /// The index of the frame's buffer in its pool.
    public let slot: Int

    fileprivate init(pool: FramePool, slot: Int) {
        self.pool = pool
        self.slot = slot
    }

    deinit { pool.release(slot) }

    /// What is known of the frame. Set by the renderer, before it shares the lease.
    public var info: FrameInfo {
        get { pool.info(slot) }
        nonmutating set { pool.setInfo(newValue, slot: slot) }
    }

    /// RGBA, 8 bits a component, sRGB-encoded, alpha 255, rows without padding, top row first. Valid while the lease is.
    public var pixels: UnsafeRawBufferPointer { pool.pixels(slot) }

    /// What the renderer left with the frame beside its pixels. Valid while the lease is.
    public var attachment: UnsafeRawBufferPointer { UnsafeRawBufferPointer(pool.attachment(slot)) }

    /// Leaves `value` with the frame. For the renderer, before it shares the lease; there has to be room for it.
    public func attach<Value: BitwiseCopyable>(_ value: borrowing Value) {
        let room = pool.attachment(slot)
        guard MemoryLayout<Value>.size <= room.count else { return }
        withUnsafeBytes(of: value) { room.copyMemory(from: $0) }
    }

    /// A second lease on the same frame.
    public borrowing func share() -> FrameLease {
        pool.retain(slot)
        return FrameLease(pool: pool, slot: slot)
    }

    /// Puts the lease away as the number of its slot, to be taken up again by `init(pool:detached:)`.
    consuming func detach() -> Int {
        // The lease that lives on in the number; this one ends with the value.
        pool.retain(slot)
        return slot
    }

    init(pool: FramePool, detached slot: Int) { self.init(pool: pool, slot: slot) }
}
