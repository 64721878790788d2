import PhiEngine
import PhiModel
import PhiRenderer
import SessionStore

extension SessionControls {
    /// What is wanted of a running engine and its picture now.
    init(_ engine: EngineLoop, _ controls: RenderControls, preset: String?) {
        let wishes = engine.wishes
        self.init(
            engine: engine.summary.name, scene: SceneCatalog.entries[controls.sceneIndex].name, preset: preset,
            phiSource: wishes.phi.mode?.name ?? "engine", couplingStrength: wishes.settings.couplingStrength,
            channels: wishes.settings.channels.indices.map {
                let channel = wishes.settings.channels[$0]
                return Channel(
                    frequency: channel.frequency, amplitude: channel.amplitude, enabled: channel.enabled)
            }, isPaused: wishes.isPaused)
        switch wishes.phi {
        case .manual(let depth, let phase): (phiDepth, phiPhase) = (depth, phase)
        case .internal(let frequency): phiFrequency = frequency
        case .engine, .sensor, .midi: break
        }
    }
}
