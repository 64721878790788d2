import Glibc
import PhiModel

/// The engine that listens to an audio file: any that FFmpeg decodes, streamed, over and over.
///
/// Sound is taken in hops of 512 samples at 48 kHz, 93.75 states a second. Each of the eight Fibonacci bands is a
/// channel; the band's level, raised by 3 dB an octave and an automatic gain, is its amplitude.
///
/// Channel phases: the analytic phase of a band turns hundreds of times a second, which no display can show, so it is
/// moved down by seven whole octaves: θ advances by 2π · f · hop / 48000 / 128 a hop, f being the band's measured
/// frequency. That is the octave rule of the hues (domain §2), and it lands the bands on the default channel
/// frequencies 0.5 · φ^k. Criticality is taken of the same frequencies.
public final class AudioSource: StateSource {
    /// Sound samples a state.
    public static let hop = 512
    /// What band frequencies are divided by to become those of the channel phases: seven octaves.
    static let octaveDivisor = 128.0
    /// The share of a new hop in the smoothed coupling.
    private static let couplingSmoothing = 0.15

    public let name: String
    public var sampleRate: Int { AudioFileReader.sampleRate }
    public var bufferSize: Int { Self.hop }
    public var sampleInterval: Double { Double(Self.hop) / Double(AudioFileReader.sampleRate) }

    private var glide: SettingsGlide
    private var phi: PhiMotion
    private let reader: AudioFileReader
    private let bands: BandAnalyzer
    private let filters: BandFilterBank
    private let centroid: SpectralCentroid
    private var gain: AutomaticGain
    private var follower: PhiFollower
    private var labeler = StateLabeler()
    /// The newest 4096 samples, oldest first.
    private let history: UnsafeMutablePointer<Float>
    private var current = EngineState()

    /// Opens the file and decodes its beginning.
    ///
    /// - Parameter settings: Which channels are enabled, the strength of the coupling, the rates of Φ.
    /// - Throws: `EngineError` where the file cannot be played.
    public init(path: String, settings: EngineSettings = EngineSettings()) throws {
        let fileName = path.split(separator: "/").last.map(String.init) ?? path
        name = "audio:" + fileName
        glide = SettingsGlide(settings)
        phi = PhiMotion(settings.phi)
        reader = try AudioFileReader(path: path, shortestPass: Self.hop)
        let rate = AudioFileReader.sampleRate
        bands = try BandAnalyzer(sampleRate: rate, hop: Self.hop)
        centroid = try SpectralCentroid(sampleRate: rate, length: Self.hop)
        filters = BandFilterBank(sampleRate: rate)
        let interval = Double(Self.hop) / Double(rate)
        gain = AutomaticGain(interval: interval)
        follower = PhiFollower(interval: interval)
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

    public func apply(_ settings: EngineSettings) {
        glide.begin(settings, at: current.time)
        phi.begin(settings.phi, at: current.time, from: current.phi)
    }

    public func advance(to time: Double, into state: inout EngineState) throws {
        let target = sampleNumber(at: time)
        while current.frameID < target { try takeHop() }
        let presence = glide.presence(at: current.time)
        for k in current.channels.indices {
            let scale = FibonacciBands.preEmphasis(k) * gain.gain(k) * presence[k]
            current.waveforms.withLane(k) { filters.copyLane(k, gain: scale, into: $0) }
        }
        let timestamp = state.timestamp
        state = current
        state.timestamp = timestamp
    }

    private func takeHop() throws {
        let kept = BandAnalyzer.windowLength - Self.hop
        history.update(from: history + Self.hop, count: kept)
        let newest = UnsafeMutableBufferPointer(start: history + kept, count: Self.hop)
        try reader.read(into: newest)
        current.frameID += 1
        current.time = Double(current.frameID) * Double(Self.hop) / Double(sampleRate)
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
            let turn = Angle.turn * band.instantaneous * sampleInterval / Self.octaveDivisor
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
        current.label = labeler.update(
            ici: current.ici, coherence: current.coherence, spectralCentroid: current.spectralCentroid,
            time: current.time)
    }
}
