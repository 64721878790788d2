import Glibc
import PhiModel

/// How a state moves the golden-angle field. All lengths are relative to the radius of the field.
struct FieldMotion {
    /// Steps from the middle to the rim in which the turn of the field is tabulated.
    private static let turns = 65

    private let scale: Double
    /// cos and sin of the turn at each step of distance.
    private var rotation = InlineArray<65, SIMD2<Double>>(repeating: SIMD2(1, 0))
    private let disorder: Double
    /// cos and sin of every channel's phase.
    private var phases = InlineArray<8, SIMD2<Double>>(repeating: SIMD2(1, 0))
    private var sizes = InlineArray<8, Double>(repeating: 0)
    /// The ripple at each step of distance: cos and sin of how much later the phase arrives there, and the swell of Φ.
    private var ripple = InlineArray<65, SIMD3<Double>>(repeating: .zero)

    /// The distance between neighbouring points: √(π / count).
    static let spacing = (Double.pi / Double(FieldLattice.count)).squareRoot()
    /// How many waves there are between the middle and the rim.
    private static let waves = 2.5

    init(_ state: borrowing EngineState, breathing: Double) {
        scale = 1 + 0.05 * (2 * breathing - 1)
        disorder = 1.1 * (1 - state.coherence) * (1 - state.coherence)
        let phi = state.phi
        for n in 0..<Self.turns {
            let distance = Double(n) / Double(Self.turns - 1)
            // Φ sways the field, the rim further than the middle and later.
            let turn = Angle2D(radians: 0.55 * (0.35 + distance) * sin(phi.phase - 1.2 * distance))
            rotation[n] = SIMD2(turn.cosine, turn.sine)
            let lag = Angle2D(radians: Angle.turn * Self.waves * distance)
            let swell = 1 + 0.22 * (phi.envelope(at: distance) - 1)
            ripple[n] = SIMD3(lag.cosine, lag.sine, swell)
        }
        for k in 0..<EngineState.channelCount {
            let phase = Angle2D(radians: state.channels[k].phase)
            phases[k] = SIMD2(phase.cosine, phase.sine)
            let amplitude = state.channels[k].audibleAmplitude
            sizes[k] = amplitude > 0 ? 0.42 + 0.75 * amplitude.squareRoot() : 0.2
        }
    }

    /// One point as it is drawn.
    struct Placed {
        /// From the middle.
        var place: SIMD2<Double>
        /// Of the disc, at most about half of the distance to the neighbours.
        var radius: Double
        /// How high the wave of its channel stands there, [0, 1].
        var crest: Double
    }

    func place(_ point: FieldLattice.Point, channel: Int) -> Placed {
        let step = min(Int(point.distance * Double(Self.turns - 1) + 0.5), Self.turns - 1)
        let turn = rotation[step], wave = ripple[step], phase = phases[channel]
        let d = point.direction
        let turned = SIMD2(d.x * turn.x - d.y * turn.y, d.x * turn.y + d.y * turn.x)
        let place = (turned * point.distance + point.scatter * (disorder * Self.spacing)) * scale
        // cos(θ − 2π · waves · distance): the wave of the channel runs outwards.
        let crest = 0.5 + 0.5 * (phase.x * wave.x + phase.y * wave.y)
        // Smaller towards the middle and at the rim, so that the field has a shape and no hard edge.
        let inner = 0.72 + 0.28 * min(point.distance * 2, 1)
        let outer = 1 - 0.75 * max(point.distance - 0.8, 0) / 0.2
        let radius = 0.5 * Self.spacing * sizes[channel] * (0.5 + 0.7 * crest) * wave.z * inner * outer
        return Placed(place: place, radius: min(radius, 0.55 * Self.spacing), crest: crest)
    }
}
