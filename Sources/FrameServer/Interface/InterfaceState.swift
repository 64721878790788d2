import PhiModel

/// All that `/ws/ui` can set, as it is.
struct InterfaceState: Encodable {
    struct Channel: Encodable {
        let channel: Int
        let amplitude: Double
        let enabled: Bool
    }

    struct Phi: Encodable {
        let source: String
        let depth: Double
        let phase: Double
        /// Hz.
        let frequency: Double
    }

    struct Global: Encodable {
        let couplingStrength: Double
        let paused: Bool
        let scene: String
        let quality: Int
        let qualityMode: String
        let hud: Bool
        let phiRotation: Bool
        let phiBreathing: Bool
        let frequencyScale: String
        let engine: String
        let preset: Nullable<String>
    }

    let channels: [Channel]
    let phi: Phi
    let global: Global

    init(_ ports: ServerPorts) {
        let controls = ports.engine.controls, state = ports.engine.newestState()
        let quality = ports.renderer.quality, colors = ports.renderer.colorRule
        channels = controls.channels.enumerated().map {
            Channel(channel: $0, amplitude: $1.amplitude, enabled: $1.isEnabled)
        }
        phi = Phi(
            source: controls.phiSource, depth: controls.heldDepth ?? state.phi.depth,
            phase: controls.heldPhase ?? state.phi.phase, frequency: state.phi.frequency)
        global = Global(
            couplingStrength: controls.couplingStrength, paused: controls.isPaused,
            scene: ports.renderer.currentScene, quality: quality.level, qualityMode: quality.mode,
            hud: ports.renderer.isHUDShown, phiRotation: colors.rotates, phiBreathing: colors.breathes,
            frequencyScale: colors.scale.name, engine: ports.engine.description.name,
            preset: Nullable(ports.presets.loaded))
    }
}
