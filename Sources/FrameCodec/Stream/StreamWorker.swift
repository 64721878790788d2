import Handoff
import Logging
import NIOCore
import Synchronization

/// What the encoders of a publisher share.
struct StreamWorkshop: Sendable {
    let sink: any FrameSink
    let logger: Logger
    let epochs: EpochCounter
}

/// Encodes the frames of one stream, on a thread of its own.
protocol StreamWorker {
    /// Encodes one frame and publishes it; or does not, where the stream's rate leaves it out.
    mutating func encode(_ lease: consuming FrameLease)
    /// Gives back what is not needed while nobody watches. The next frame begins a new epoch.
    mutating func rest()
}

extension StreamWorker {
    /// How long an encoder is kept for somebody who comes back, milliseconds.
    private static var patience: Int { 5_000 }

    /// Works until the end of the program. Sleeps while nobody wants frames.
    mutating func work(_ mailbox: FrameMailbox, _ isStopping: StopFlag) {
        var isResting = true
        while !isStopping.isSet {
            // Nothing wakes the thread of a stream that nobody watches.
            let lease = mailbox.wait(milliseconds: isResting ? .max : Self.patience)
            if let lease {
                isResting = false
                encode(lease)
            } else if !mailbox.demand.isWanted, !isResting {
                isResting = true
                rest()
            }
        }
    }
}

/// Numbers epochs, so that no two formats of a process share one.
final class EpochCounter: Sendable {
    private let last = Atomic<UInt32>(0)

    func next() -> UInt32 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// A flag that is set once.
final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}

extension ByteBuffer {
    /// Room for a media header, then `payload`.
    init(mediaPayload payload: UnsafeRawBufferPointer) {
        self.init()
        reserveCapacity(MediaHeader.length + payload.count)
        writeRepeatingByte(0, count: MediaHeader.length)
        writeBytes(payload)
    }
}
