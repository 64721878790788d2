import Handoff
import PhiModel
import Telemetry

/// One message of `/ws/metrics` (contract §4.1).
struct MetricsMessage: Encodable {
    struct Channel: Encodable {
        let channel: Int
        let frequency: Double
        let amplitude: Double
        let phase: Double
        /// Whether the channel is heard: enabled, with an amplitude above 0.
        let active: Bool
    }

    /// What is heard besides the channels.
    struct Sound: Encodable {
        /// Beats a minute; 0 where none is felt.
        let tempoBpm: Double
        /// [0, 1].
        let tempoConfidence: Double
        /// [0, 1), 0 on the beat.
        let beatPhase: Double
        let beats: UInt64
        let onsets: UInt64
        let novelty: Double
        /// RMS, [0, 1].
        let envelope: Double
        let gain: Double

        init(_ sound: SoundFigures) {
            tempoBpm = sound.tempo
            tempoConfidence = sound.confidence
            beatPhase = sound.beatPhase
            beats = sound.beats
            onsets = sound.onsets
            novelty = sound.novelty
            envelope = sound.envelope
            gain = sound.gain
        }
    }

    let ici: Double
    let coherence: Double
    let phaseCoherence: Double
    let criticality: Double
    let spectralCentroid: Double
    let consciousnessLevel: Double
    let state: String
    let phiPhase: Double
    let phiDepth: Double
    let phiBreathing: Double
    let phiFrequency: Double
    let phiMode: String
    let phiSource: String
    let couplingStrength: Double
    /// Unix seconds, when the sample was taken.
    let timestamp: Double
    let frameId: UInt64
    /// How many channels are active.
    let activeChannels: Int
    let channelMetrics: [Channel]
    /// All 0 where an engine hears nothing.
    let audio: Sound
    /// Milliseconds from the sample to this message.
    let latencyMs: Double
    /// Percent of one core.
    let cpuLoad: Double
    let fps: Double
    let valid: Bool

    init(_ state: EngineState, framesPerSecond: Double, cpuPercent: Double, now: Double) {
        ici = state.ici
        coherence = state.coherence
        phaseCoherence = state.coherence
        criticality = state.criticality
        spectralCentroid = state.spectralCentroid
        consciousnessLevel = state.consciousnessLevel
        self.state = state.label.name
        phiPhase = state.phi.phase
        phiDepth = state.phi.depth
        phiBreathing = state.breathing
        phiFrequency = state.phi.frequency
        phiMode = state.phi.mode.name
        phiSource = state.phi.mode.name
        couplingStrength = state.couplingStrength
        timestamp = state.timestamp
        frameId = state.frameID
        activeChannels = state.activeChannelCount
        channelMetrics = state.channels.indices.map { k in
            let channel = state.channels[k]
            return Channel(
                channel: k, frequency: channel.frequency, amplitude: channel.amplitude, phase: channel.phase,
                active: channel.audibleAmplitude > 0)
        }
        audio = Sound(state.sound)
        latencyMs = max(0, (now - state.timestamp) * 1_000)
        cpuLoad = cpuPercent
        fps = framesPerSecond
        valid = state.valid
    }
}
