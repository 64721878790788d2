import AudioDevice
import Logging
import PhiEngine

/// The sound that is on, held where the engine is.
struct Turntable {
    /// Over how many samples sound comes in after a leap, so that it does not click.
    private static let fade = 256

    private let logger: Logger
    private var sound: SteeredSound?
    private var track: Soundtrack?
    private var steering = PlaybackSteering()
    /// Samples of silence that are still put in.
    private var silence = 0
    private var level: Float = 0
    private var speed = 1.0
    /// How far the sound is behind where it belongs, s; 0 while there is none.
    private(set) var offset = 0.0

    init(logger: Logger) { self.logger = logger }

    /// Fills `samples`, left and right in turn.
    ///
    /// - Parameters:
    ///   - track: What the engine listens to; nil for nothing.
    ///   - moment: The engine's time that belongs to the first sample, ns of the monotonic clock; nil for unknown.
    mutating func fill(
        _ samples: UnsafeMutableBufferPointer<Float>, from track: Soundtrack?, heardAt moment: UInt64?
    ) {
        samples.update(repeating: 0)
        guard let track, !track.isPaused, let moment else { return rest() }
        let place = track.position(at: moment)
        if track.turn != self.track?.turn {
            open(track, at: place)
            self.track = track
        }
        guard let sound, place > 0 else { return }
        do {
            if silence == 0 { try align(sound, to: place) }
            let count = samples.count / SoundReader.channels, waiting = min(silence, count)
            silence -= waiting
            guard waiting < count else { return }
            let heard = UnsafeMutableBufferPointer(rebasing: samples[(waiting * SoundReader.channels)...])
            try sound.read(into: heard, speed: speed)
            fadeIn(heard)
        } catch { fail(error) }
    }

    /// Brings the sound to its place.
    private mutating func align(_ sound: SteeredSound, to place: Double) throws {
        let error = place - sound.position
        offset = error / Double(SoundReader.sampleRate)
        switch steering.step(error) {
        case .play(let speed):
            self.speed = speed
            return
        case .skip(let samples): try sound.skip(samples)
        case .wait(let samples): silence = samples
        }
        // It is heard anew.
        (level, speed, offset) = (0, 1, 0)
    }

    /// A file that cannot be played is told once, and not tried again.
    private mutating func open(_ track: Soundtrack, at place: Double) {
        sound = nil
        rest()
        do { sound = try SteeredSound(track.options, start: max(0, Int(place))) } catch { fail(error) }
    }

    private mutating func fail(_ error: any Error) {
        logger.warning("The sound cannot be played: \(error)")
        sound = nil
    }

    /// What comes next has to be brought to its place anew.
    mutating func rest() {
        steering.restart()
        (silence, level, offset) = (0, 0, 0)
    }

    private mutating func fadeIn(_ samples: UnsafeMutableBufferPointer<Float>) {
        guard level < 1 else { return }
        for n in stride(from: 0, to: samples.count, by: SoundReader.channels) {
            for channel in 0..<SoundReader.channels where n + channel < samples.count { samples[n + channel] *= level }
            level = min(1, level + 1 / Float(Self.fade))
        }
    }
}
