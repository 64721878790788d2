import AudioDevice
import Foundation
import Handoff
import Logging
import Metrics
import PhiEngine
import ServiceLifecycle
import Synchronization

/// Plays what the engine listens to, so that it is heard when it is seen: whatever file is chosen, paused, looped or played
/// at another speed. Without a sound device it waits for one, and the picture goes on.
final class SoundPlayer: Service {
    /// Samples of each channel that are made at a time.
    private static let block = 256
    /// Samples of each channel that wait in the device: what a busy machine can be late by.
    private static let ahead = 3_072
    /// Between two attempts to open a device, ns.
    private static let pauses: ClosedRange<UInt64> = 250_000_000...4_000_000_000

    private let engine: EngineLoop
    private let output: AudioOut
    /// From the engine's sample to the picture of it, s.
    private let latency: Double
    private let logger: Logger
    private let shouldStop = Atomic(false)
    private let offset = Gauge(label: "soundlab_sound_offset_seconds")
    private let missing = Gauge(label: "soundlab_sound_missing_samples")

    /// - Parameters:
    ///   - latency: How long after its sample's time the engine's reaction to a sound is on the display, s.
    init(engine: EngineLoop, output: AudioOut, latency: Double, logger: Logger) {
        self.engine = engine
        self.output = output
        self.latency = latency
        self.logger = logger
    }

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await DedicatedThread.run(name: "phi-sound", stop: { self.stop() }) { self.work() }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() { shouldStop.store(true, ordering: .relaxed) }
    private var isStopping: Bool { shouldStop.load(ordering: .relaxed) }

    /// The body of the thread.
    private func work() {
        var pause = Self.pauses.lowerBound
        var lastTrouble = ""
        // It outlives the device: a sound that has played for hours is not decoded from its beginning again.
        var turntable = Turntable(logger: logger)
        while !isStopping {
            do throws(AudioDeviceError) {
                let speaker = try Loudspeaker(output.device)
                logger.info("The sound is played.", metadata: ["device": "\(speaker.name)"])
                (pause, lastTrouble) = (Self.pauses.lowerBound, "")
                play(&turntable, on: speaker)
                turntable.rest()
                if !isStopping {
                    logger.warning(
                        "The sound device \(speaker.name) was taken away; the picture goes on without sound.")
                }
            } catch {
                // The same trouble is told once.
                if error.description != lastTrouble { logger.warning("\(error)") }
                lastTrouble = error.description
            }
            rest(pause)
            pause = min(2 * pause, Self.pauses.upperBound)
        }
    }

    /// Returns when the device is gone, or the server ends.
    private func play(_ turntable: inout Turntable, on speaker: Loudspeaker) {
        let samples = UnsafeMutableBufferPointer<Float>.allocate(capacity: Self.block * SoundReader.channels)
        defer { samples.deallocate() }
        var rounds = 0
        while !isStopping, speaker.isRunning {
            while speaker.room > Loudspeaker.capacity - Self.ahead {
                // Nothing is heard before the device has asked once, so until then there is silence.
                let moment = speaker.nextIsHeard()
                turntable.fill(samples, from: engine.summary.soundtrack, heardAt: moment.map(seenAt))
                speaker.write(UnsafeBufferPointer(samples))
                if moment == nil { break }
            }
            rounds += 1
            if rounds % 50 == 0 {
                offset.record(turntable.offset)
                missing.record(Double(speaker.missingCount))
            }
            MonotonicClock.sleep(untilNanoseconds: MonotonicClock.nanoseconds + 4_000_000)
        }
    }

    /// The time by the engine's clock of what is on the display at `time`, ns of the monotonic clock.
    private func seenAt(_ time: UInt64) -> UInt64 { UInt64(max(0, Double(time) - (latency + output.delay) * 1e9)) }

    private func rest(_ nanoseconds: UInt64) {
        let end = MonotonicClock.nanoseconds + nanoseconds
        while !isStopping, MonotonicClock.nanoseconds < end {
            MonotonicClock.sleep(untilNanoseconds: min(end, MonotonicClock.nanoseconds + 50_000_000))
        }
    }
}
