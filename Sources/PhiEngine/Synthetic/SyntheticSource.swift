import Glibc
import PhiModel

/// The engine without sound: eight coupled phase oscillators under a swinging Φ. The same seed and settings give the same
/// states, bit for bit.
///
/// A channel's frequency is its natural one without the drift, so that its colour is steady; its phase is where drift and
/// coupling have taken it.
public final class SyntheticSource: StateSource {
    public let name = "synthetic"
    public let sampleRate = 0
    public let bufferSize = 0
    public var sampleInterval: Double { 1 / Double(Self.rate) }

    /// Samples a second.
    private static let rate = 120
    /// Integration steps a sample: 1/960 s each, a tenth of a radian of the fastest default channel.
    private static let stepsPerSample = 8

    private var glide: SettingsGlide
    private var phi: PhiMotion
    /// What holds at the present sample.
    private var settings: EngineSettings
    private let coupling: GoldenCoupling
    private let drift: FrequencyDrift
    private var oscillators: KuramotoOscillators
    private var overtonePhases: InlineArray<8, Double>
    private var labeler = StateLabeler()
    private var current = EngineState()

    /// - Parameters:
    ///   - seed: Decides where phases, couplings and drifts begin.
    ///   - settings: Natural frequencies, mean amplitudes, mean phases, strength of the coupling, Φ, and the character.
    public init(seed: UInt64, settings: EngineSettings = EngineSettings()) {
        self.settings = settings
        glide = SettingsGlide(settings)
        phi = PhiMotion(settings.phi)
        var generator = SeededGenerator(seed: seed)
        var phases = InlineArray<8, Double>(repeating: 0)
        for k in phases.indices { phases[k] = settings.channels[k].phase + 0.6 * generator.signed() }
        oscillators = KuramotoOscillators(
            phases: phases, frequencies: InlineArray { settings.channels[$0].frequency })
        overtonePhases = phases
        coupling = GoldenCoupling(using: &generator)
        drift = FrequencyDrift(using: &generator)
        current.channels = settings.channels
        current.nyquist = Double(Self.rate) / 2
        measure(smoothing: false)
    }

    public func apply(_ settings: EngineSettings) {
        glide.begin(settings, at: current.time)
        phi.begin(settings.phi, at: current.time, from: current.phi)
    }

    public func advance(to time: Double, into state: inout EngineState) {
        let target = sampleNumber(at: time)
        while current.frameID < target { takeSample() }
        drawLanes()
        let timestamp = state.timestamp
        state = current
        state.timestamp = timestamp
    }

    private func takeSample() {
        let before = oscillators.phases
        for _ in 0..<Self.stepsPerSample {
            oscillators.step(
                sampleInterval / Double(Self.stepsPerSample), coupling: current.coupling,
                strength: current.couplingStrength)
        }
        for k in before.indices {
            let turned = oscillators.phases[k] - before[k]
            overtonePhases[k] = Angle.wrap(overtonePhases[k] + GoldenRatio.phi * turned)
            oscillators.phases[k] = Angle.wrap(oscillators.phases[k])
        }
        current.frameID += 1
        measure(smoothing: true)
    }

    /// Fills `current` for its `frameID` from the oscillators.
    private func measure(smoothing: Bool) {
        current.time = Double(current.frameID) / Double(Self.rate)
        settings = glide.settings(at: current.time)
        current.phi = phi.value(at: current.time, progress: glide.progress(at: current.time))
        let frequencies = ChannelState.frequencies(of: settings.channels, spread: settings.character.spread)
        for k in current.channels.indices {
            current.channels[k].frequency = frequencies[k]
            current.channels[k].enabled = settings.channels[k].enabled
            oscillators.frequencies[k] =
                frequencies[k] * drift.factor(k, at: current.time, depth: settings.character.drift)
        }
        for k in current.channels.indices {
            current.channels[k].phase = Angle.wrap(oscillators.phases[k])
            current.channels[k].amplitude = amplitude(of: k)
        }
        current.coupling = coupling.matrix(at: current.time, phi: current.phi, character: settings.character)
        // The deeper Φ, the stronger the coupling: 0.7 … 1.9 times over a breath, from below the synchronisation
        // threshold to above it.
        current.couplingStrength = (settings.couplingStrength * (0.1 + 2 * current.phi.depth)).clamped(to: 0...2)
        let terms = Synchrony.pairTerms(current.channels)
        let ici = Synchrony.rawICI(terms)
        current.ici = smoothing ? Synchrony.smooth(current.ici, toward: ici) : ici
        current.coherence = Synchrony.coherence(current.channels)
        current.criticality = Synchrony.criticality(
            coupling: current.coupling, strength: current.couplingStrength, frequencies: oscillators.frequencies)
        current.spectralCentroid = centroid()
        current.label = labeler.update(
            ici: current.ici, coherence: current.coherence, spectralCentroid: current.spectralCentroid,
            time: current.time)
    }

    /// The channel's amplitude under the Φ envelope, the breathing, and a slow swell of its own.
    private func amplitude(of k: Int) -> Double {
        let envelope = current.phi.envelope(at: Double(k) / Double(EngineState.channelCount)) - 1
        let breathing = current.breathing - 0.5
        let swellPeriod = 8 * pow(GoldenRatio.phi, Double(k) / 4)
        let swell = sin(Angle.turn * current.time / swellPeriod + GoldenRatio.channelOffset(k))
        let factor = 1 + 0.2 * envelope + 0.3 * breathing + 0.2 * swell
        return (settings.channels[k].amplitude * factor).clamped(to: 0...1)
    }

    /// The mean frequency of the channels, weighted by amplitude, Hz; 0 where all are mute.
    private func centroid() -> Double {
        var sum = 0.0, weight = 0.0
        for k in current.channels.indices {
            sum += current.channels[k].audibleAmplitude * current.channels[k].frequency
            weight += current.channels[k].audibleAmplitude
        }
        return weight > 1e-9 ? sum / weight : 0
    }

    private func drawLanes() {
        for k in current.channels.indices {
            let channel = current.channels[k]
            let overtonePhase = overtonePhases[k]
            current.waveforms.withLane(k) { lane in
                LaneSynthesis.fill(
                    lane, cycles: LaneSynthesis.cycles(k), phase: channel.phase, overtonePhase: overtonePhase,
                    amplitude: channel.audibleAmplitude)
            }
        }
    }
}
