import Glibc
import PhiModel

/// Makes states of sound, in hops of 512 samples at 48 kHz. Each of the eight Fibonacci bands is a channel; the band's level,
/// raised by 3 dB an octave and an automatic gain, is its amplitude.
///
/// Channel phases: the analytic phase of a band turns hundreds of times a second, which no display can show, so it is
/// moved down by seven whole octaves: θ advances by 2π · f · hop / 48000 / 128 a hop, f being the band's measured
/// frequency. That is the octave rule of the hues (domain §2), and it lands the bands on the default channel
/// frequencies 0.5 · φ^k. Criticality is taken of the same frequencies.
final class SoundAnalysis {
    /// Sound samples a state.
    static let hop = 512
    /// Seconds a state.
    static let interval = Double(hop) / Double(AudioFileReader.sampleRate)
    /// What band frequencies are divided by to become those of the channel phases: seven octaves.
    static let octaveDivisor = 128.0
    /// Samples beyond this are no sound: 24 dB over full scale.
    private static let loudest: Float = 16
    /// The share of a new hop in the smoothed coupling.
    private static let couplingSmoothing = 0.15

    var frameID: UInt64 { current.frameID }
    /// Samples that were no numbers, and were taken for silence.
    private(set) var mendedCount: UInt64 = 0

    private var glide: SettingsGlide
    private var phi: PhiMotion
    private let bands: BandAnalyzer
    private let filters: BandFilterBank
    private let centroid: SpectralCentroid
    private var gain: AutomaticGain
    private var follower: PhiFollower
    private let rhythm: RhythmFollower
    private var labeler = StateLabeler()
    /// The newest 4096 samples, oldest first.
    private let history: UnsafeMutablePointer<Float>
    private var current = EngineState()

    /// - Parameter settings: Which channels are enabled, the strength of the coupling, the rates of Φ.
    /// - Throws: `EngineError` where the transforms cannot be set up.
    init(_ settings: EngineSettings) throws {
        glide = SettingsGlide(settings)
        phi = PhiMotion(settings.phi)
        let rate = AudioFileReader.sampleRate
        bands = try BandAnalyzer(sampleRate: rate, hop: Self.hop)
        centroid = try SpectralCentroid(sampleRate: rate, length: Self.hop)
        filters = BandFilterBank(sampleRate: rate)
        gain = AutomaticGain(interval: Self.interval)
        follower = PhiFollower(interval: Self.interval)
        rhythm = try RhythmFollower(sampleRate: rate, hop: Self.hop)
        history = .allocate(capacity: BandAnalyzer.windowLength)
        history.initialize(repeating: 0, count: BandAnalyzer.windowLength)

        current.nyquist = Double(rate) / 2
        current.couplingStrength = settings.couplingStrength
        current.phi = settings.phi
        current.phi.mode = .audio
        current.phi.depth = follower.depth
        for k in current.channels.indices {
            current.channels[k] = ChannelState(
                frequency: FibonacciBands.center(k), amplitude: 0, phase: GoldenRatio.channelOffset(k),
                enabled: settings.channels[k].enabled)
        }
    }

    deinit { history.deallocate() }

    func apply(_ settings: EngineSettings) {
        glide.begin(settings, at: current.time)
        phi.begin(settings.phi, at: current.time, from: current.phi)
    }

    /// Fills `state` with the newest: everything but `timestamp`.
    func fill(_ state: inout EngineState) {
        let presence = glide.presence(at: current.time)
        for k in current.channels.indices {
            let scale = FibonacciBands.preEmphasis(k) * gain.gain(k) * presence[k]
            current.waveforms.withLane(k) { filters.copyLane(k, gain: scale, into: $0) }
        }
        let timestamp = state.timestamp
        state = current
        state.timestamp = timestamp
    }

    /// Takes the next hop of sound, ±1 at full scale.
    func take(_ samples: UnsafeBufferPointer<Float>) {
        let kept = BandAnalyzer.windowLength - Self.hop
        history.update(from: history + Self.hop, count: kept)
        let newest = UnsafeMutableBufferPointer(start: history + kept, count: Self.hop)
        for n in newest.indices {
            // A file of floats can hold anything; one value that is no number would stay in the filters for ever.
            let sample = samples[n]
            newest[n] = abs(sample) <= Self.loudest ? sample : 0
            if newest[n] != sample { mendedCount += 1 }
        }
        current.frameID += 1
        current.time = Double(current.frameID) * Self.interval
        analyze(UnsafeBufferPointer(newest))
        measure()
    }

    private func analyze(_ newest: UnsafeBufferPointer<Float>) {
        bands.analyze(history)
        filters.process(newest)
        centroid.update(history + (BandAnalyzer.windowLength - Self.hop))

        var square: Float = 0
        for n in newest.indices { square += newest[n] * newest[n] }
        follower.update(rms: Double(square / Float(newest.count)).squareRoot())
        rhythm.update(history + (BandAnalyzer.windowLength - RhythmFollower.windowLength))

        for k in current.channels.indices {
            gain.update(k, level: bands.bands[k].level * FibonacciBands.preEmphasis(k))
        }
    }

    private func measure() {
        let settings = glide.settings(at: current.time)
        // A channel that is muted fades, and stays at 0, so that it fades in again from there.
        let presence = glide.presence(at: current.time)
        current.couplingStrength = settings.couplingStrength
        var slowed = InlineArray<8, Double>(repeating: 0)
        for k in current.channels.indices {
            let band = bands.bands[k]
            current.channels[k].frequency = band.frequency
            current.channels[k].enabled = settings.channels[k].enabled
            current.channels[k].amplitude =
                (band.level * FibonacciBands.preEmphasis(k) * gain.gain(k)).clamped(to: 0...1) * presence[k]
            let turn = Angle.turn * band.instantaneous * Self.interval / Self.octaveDivisor
            current.channels[k].phase = Angle.wrap(current.channels[k].phase + turn)
            slowed[k] = band.frequency / Self.octaveDivisor
        }
        current.phi = phi.rates
        current.phi.mode = .audio
        current.phi.phase = phi.phase(at: current.time)
        current.phi.depth = follower.depth

        let terms = Synchrony.pairTerms(current.channels)
        for i in 0..<EngineState.channelCount {
            for j in (i + 1)..<EngineState.channelCount {
                let last = current.coupling[i, j]
                current.coupling[i, j] = last.interpolated(to: terms[i, j].clamped(to: -1...1), Self.couplingSmoothing)
            }
        }
        current.ici = Synchrony.smooth(current.ici, toward: Synchrony.rawICI(terms))
        current.coherence = Synchrony.coherence(current.channels)
        current.criticality = Synchrony.criticality(
            coupling: current.coupling, strength: current.couplingStrength, frequencies: slowed)
        current.spectralCentroid = centroid.frequency
        current.sound = rhythm.figures
        current.sound.envelope = follower.envelope
        current.sound.gain = gain.loudestGain
        current.label = labeler.update(
            ici: current.ici, coherence: current.coherence, spectralCentroid: current.spectralCentroid,
            time: current.time)
    }
}
