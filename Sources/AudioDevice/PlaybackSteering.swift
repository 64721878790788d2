/// Keeps sound where it belongs: by its speed where it is a little off, by a leap where it is far off.
public struct PlaybackSteering {
    /// What to do before the next samples are read.
    public enum Step: Equatable, Sendable {
        /// Go on at this speed.
        case play(speed: Double)
        /// Leave out so many samples.
        case skip(Int)
        /// Put in so many samples of silence.
        case wait(Int)
    }

    private static let rate = PlaybackClock.rate
    /// Further off than this is leapt, s.
    static let farthest = 0.08
    /// The time within which the speed makes good what is off, s.
    static let horizon = 4.0
    private static let reach = 0.005

    private var hasBegun = false

    public init() {}

    /// The next step is a leap, wherever the sound is.
    public mutating func restart() { hasBegun = false }

    /// - Parameter error: By how many samples the sound is behind where it belongs; negative where it is ahead.
    public mutating func step(_ error: Double) -> Step {
        if !hasBegun || abs(error) > Self.farthest * Self.rate {
            hasBegun = true
            let samples = Int(error.rounded())
            if samples != 0 { return samples > 0 ? .skip(samples) : .wait(-samples) }
        }
        let correction = error / Self.rate / Self.horizon
        return .play(speed: 1 + min(max(correction, -Self.reach), Self.reach))
    }
}
