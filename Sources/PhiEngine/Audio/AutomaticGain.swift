import Glibc
import PhiModel

/// Brings the loudest band of soft and loud music to the same height, slowly; near-silence is not raised into noise.
struct AutomaticGain {
    /// The height that a steady loudest band settles at.
    static let target = 0.9
    /// Levels under this (−40 dB of full scale) are not raised further.
    static let floor = 0.01

    private var peak = 0.1
    private let rise: Double
    private let fall: Double

    /// - Parameter interval: Seconds between two updates.
    init(interval: Double) {
        rise = 1 - exp(-interval / 0.15)
        fall = 1 - exp(-interval / 8)
    }

    /// The factor that levels are multiplied by.
    var gain: Double { Self.target / max(peak, Self.floor) }

    /// Takes the level of the loudest band.
    mutating func update(level: Double) {
        peak += (level > peak ? rise : fall) * (level - peak)
    }
}
