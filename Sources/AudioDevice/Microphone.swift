import Handoff
import Synchronization

/// Listens to an input of sound, and again whenever it comes back after it was away.
public final class Microphone: Sendable {
    /// How it fares.
    public enum Condition: Sendable, Equatable {
        case listening
        /// It cannot be listened to at present, for this reason; it is being tried again.
        case waiting(String)
    }

    /// Sound that waits at most, samples: a third of a second.
    private static let capacity = 16_384
    /// A device that gives nothing for so long is as good as away, µs.
    private static let patience: UInt64 = 3_000_000
    /// Between two attempts, µs.
    private static let pauses: ClosedRange<UInt64> = 250_000...4_000_000
    private static let look: UInt64 = 100_000

    /// Nil for the usual one.
    public let device: String?
    private let ring = SoundRing(capacity: Microphone.capacity)
    private let condition: Mutex<Condition>
    private let shouldStop = Atomic(false)
    private let openings = Atomic<UInt64>(0)

    /// Opens the device, and goes on listening until `stop`.
    ///
    /// - Parameter device: Its name, as `SoundDevices` lists it; nil for the usual one.
    /// - Throws: `AudioDeviceError.unknownDevice` where there are devices and none of that name. One that cannot be opened for
    ///   another reason is waited for.
    public init(_ device: String?) throws(AudioDeviceError) {
        self.device = device
        condition = Mutex(.waiting("It is being opened."))
        if let device, let known = try? SoundDevices.find().inputs, !known.isEmpty, !known.contains(device) {
            throw .unknownDevice(device, known: known)
        }
        Task.detached { [self] in
            // A thread that cannot be had is told as a device that cannot be opened is.
            do { try await DedicatedThread.run(name: "microphone", stop: { self.stop() }) { self.work() } } catch {
                condition.withLock { $0 = .waiting("\(error)") }
            }
        }
    }

    public func stop() { shouldStop.store(true, ordering: .relaxed) }

    public var state: Condition { condition.withLock { $0 } }
    /// Samples that wait.
    public var count: Int { ring.count }
    /// How often it was opened, and how many samples were lost because nobody took them.
    public var counts: [String: UInt64] {
        ["openings": openings.load(ordering: .relaxed), "lost_samples": ring.lostCount]
    }

    /// Moves the oldest samples out, all or none; by one thread at a time.
    public func read(into samples: UnsafeMutableBufferPointer<Float>) -> Bool {
        guard ring.count >= samples.count else { return false }
        return ring.read(into: samples) == samples.count
    }

    /// The body of the thread.
    private func work() {
        var pause = Self.pauses.lowerBound
        while !shouldStop.load(ordering: .relaxed) {
            do throws(AudioDeviceError) {
                let open = try OpenMicrophone(device, ring: ring)
                openings.add(1, ordering: .relaxed)
                if watch(open) { pause = Self.pauses.lowerBound }
            } catch {
                condition.withLock { $0 = .waiting(error.description) }
            }
            rest(pause)
            pause = min(2 * pause, Self.pauses.upperBound)
        }
    }

    /// Returns when the device is gone, or nobody listens any more.
    /// - Returns: Whether sound came.
    private func watch(_ open: OpenMicrophone) -> Bool {
        var lastCount = ring.writtenCount, quietSince = MonotonicClock.microseconds
        var hasHeard = false
        while !shouldStop.load(ordering: .relaxed) {
            rest(Self.look)
            guard open.isRunning else {
                condition.withLock { $0 = .waiting("The sound device \(open.name) was taken away; plug it in again.") }
                return hasHeard
            }
            let now = MonotonicClock.microseconds, total = ring.writtenCount
            if total != lastCount {
                (lastCount, quietSince, hasHeard) = (total, now, true)
                condition.withLock { if $0 != .listening { $0 = .listening } }
            } else if now - quietSince > Self.patience {
                condition.withLock {
                    $0 = .waiting("The sound device \(open.name) gives no sound; it is being opened anew.")
                }
                return hasHeard
            }
        }
        return hasHeard
    }

    private func rest(_ microseconds: UInt64) {
        let end = MonotonicClock.microseconds + microseconds
        while !shouldStop.load(ordering: .relaxed), MonotonicClock.microseconds < end {
            MonotonicClock.sleep(untilNanoseconds: min(end, MonotonicClock.microseconds + 50_000) * 1_000)
        }
    }
}
