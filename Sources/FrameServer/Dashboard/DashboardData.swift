import PhiModel

/// The `data` of `/ws/dashboard` and `GET /api/dashboard/state` (contract §4.2).
struct DashboardData: Encodable {
    /// The master clock, s: the engine's time, which stands still while it is paused.
    let timestamp: Double
    let ici: Double
    let coherence: Double
    let criticality: Double
    /// Where Φ is held still, what it is held at: somebody's slider must not run away from the hand.
    let phiPhase: Double
    let phiDepth: Double
    let phiBreathing: Double
    /// Whether hues follow Φ.
    let chromaticEnabled: Bool
    /// Whether Φ comes from elsewhere than the engine.
    let controlMatrixActive: Bool
    /// Whether the renderer decides how much is drawn.
    let adaptiveEnabled: Bool
    let adaptiveMode: String
    let isRecording: Bool
    let isPlaying: Bool
    /// Renderers that work together: this one.
    let clusterNodesCount = 1

    init(_ ports: ServerPorts) {
        let state = ports.engine.newestState(), controls = ports.engine.controls, quality = ports.renderer.quality
        timestamp = state.time
        ici = state.ici
        coherence = state.coherence
        criticality = state.criticality
        phiPhase = controls.heldPhase ?? state.phi.phase
        phiDepth = controls.heldDepth ?? state.phi.depth
        phiBreathing = state.breathing
        chromaticEnabled = ports.renderer.colorRule.rotates
        controlMatrixActive = controls.phiSource != "engine"
        adaptiveEnabled = quality.isAutomatic
        adaptiveMode = quality.mode
        isRecording = ports.recorder.report.isRecording
        isPlaying = !controls.isPaused && ports.engine.description.condition == "running"
    }
}
