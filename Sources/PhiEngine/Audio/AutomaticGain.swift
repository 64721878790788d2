import Glibc
import PhiModel

/// Brings soft and loud music to the same height, slowly, and soft bands half the way to the loudest; near-silence is not
/// raised into noise.
struct AutomaticGain {
    /// The height that a steady loudest band settles at.
    static let target = 0.9
    /// Levels under this (−40 dB of full scale) are not raised further.
    static let floor = 0.01
    /// A band that is softer than this share of the loudest is not raised further.
    static let bandFloor = 0.1

    private var peaks = InlineArray<8, Double>(repeating: 0.1)
    private let rise: Double
    private let fall: Double

    /// - Parameter interval: Seconds between two updates.
    init(interval: Double) {
        rise = 1 - exp(-interval / 0.08)
        fall = 1 - exp(-interval / 8)
    }

    /// The factor for band `k`: target / √(P · P_k), P being the recent peak of the loudest band and P_k of this one.
    func gain(_ k: Int) -> Double {
        var loudest = Self.floor
        for n in peaks.indices { loudest = max(loudest, peaks[n]) }
        return Self.target / (loudest * max(peaks[k], Self.bandFloor * loudest)).squareRoot()
    }

    /// The factor for the loudest band.
    var loudestGain: Double {
        var least = gain(0)
        for k in peaks.indices.dropFirst() { least = min(least, gain(k)) }
        return least
    }

    /// Takes the level of band `k`.
    mutating func update(_ k: Int, level: Double) {
        peaks[k] += (level > peaks[k] ? rise : fall) * (level - peaks[k])
    }
}
