import Handoff
import Synchronization

/// What the sound hardware asked for last.
struct PlaybackDemand: BitwiseCopyable, Sendable {
    /// When, ns of the monotonic clock; 0 for never.
    var time: UInt64 = 0
    /// Samples of each channel that it had asked for before.
    var count: UInt64 = 0
}

/// Carries sound to the hardware's callback, which neither waits nor allocates: left and right in turn.
final class PlaybackPipe: Sendable {
    static let channels = 2

    private let ring: SoundRing
    private let demands = TripleBuffer(PlaybackDemand())
    private let demanded = Atomic<UInt64>(0)
    private let missing = Atomic<UInt64>(0)

    /// - Parameter capacity: Samples of each channel.
    init(capacity: Int) { ring = SoundRing(capacity: capacity * Self.channels) }

    /// Samples of each channel that there is room for.
    var room: Int { ring.room / Self.channels }
    /// Samples of each channel that were asked for and were not there, since the start.
    var missingCount: UInt64 { missing.load(ordering: .relaxed) }
    /// The number, by the hardware's count, of the sample that is written next, as far as nothing goes missing.
    var nextNumber: UInt64 { ring.writtenCount / UInt64(Self.channels) + missingCount }

    /// Appends what there is room for. The player's side.
    func write(_ samples: UnsafeBufferPointer<Float>) { ring.write(samples) }

    /// Calls `body` with the last demand where it is new. The player's side.
    func newestDemand(_ body: (PlaybackDemand) -> Void) { demands.latest { if $1 { body(copy $0) } } }

    /// Fills `samples`; what is missing is silence. The hardware's side.
    func fill(_ samples: UnsafeMutableBufferPointer<Float>) {
        let before = demanded.load(ordering: .relaxed)
        demands.publish(PlaybackDemand(time: MonotonicClock.nanoseconds, count: before))
        let count = ring.read(into: samples)
        samples[count...].update(repeating: 0)
        demanded.store(before + UInt64(samples.count / Self.channels), ordering: .relaxed)
        if count < samples.count {
            missing.add(UInt64((samples.count - count) / Self.channels), ordering: .relaxed)
        }
    }
}
