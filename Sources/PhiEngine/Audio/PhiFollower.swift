import Glibc
import PhiModel

/// Φ from sound (domain §6): the depth follows the loudness, the phase advances by itself.
struct PhiFollower {
    /// The RMS envelope, 1 = a full-scale square wave: attack 10 ms, release 100 ms.
    private(set) var envelope = 0.0

    private var silentSeconds = 0.0
    /// How far the depth has gone from the sound's to its rest, [0, 1]. It begins at rest.
    private var rest = 1.0
    private let interval: Double

    /// −60 dB of full scale.
    private static let silence = 0.001
    private static let silenceBeforeRest = 2.0
    private static let restSmoothing = 0.5
    private static let wakeSmoothing = 0.05

    /// - Parameter interval: Seconds between two updates.
    init(interval: Double) { self.interval = interval }

    /// The depth now: clamp(2φ · envelope, 0, φ); after 2 s of silence it goes to 0.618 within about a second.
    var depth: Double {
        (2 * GoldenRatio.phi * envelope).clamped(to: 0...GoldenRatio.phi)
            .interpolated(to: PhiModulation.restingDepth, rest)
    }

    /// Takes the root mean square of the newest `interval`.
    mutating func update(rms: Double) {
        envelope += (1 - exp(-interval / (rms > envelope ? 0.010 : 0.100))) * (rms - envelope)
        silentSeconds = rms < Self.silence ? silentSeconds + interval : 0
        if silentSeconds >= Self.silenceBeforeRest {
            rest += (1 - exp(-interval / Self.restSmoothing)) * (1 - rest)
        } else if silentSeconds == 0 {
            rest -= (1 - exp(-interval / Self.wakeSmoothing)) * rest
        }
    }
}
