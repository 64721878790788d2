import PhiEngine
import PhiModel

extension EngineSettings {
    /// What a preset says of the engine; the rest is the default.
    init(_ preset: Preset) {
        self.init()
        if let depth = preset.phi?.depth {
            phi.depth = depth
            phi.mode = .manual
        }
        phi.phase = preset.phi?.phase ?? phi.phase
        phi.frequency = preset.phi?.frequency ?? phi.frequency
        phi.breathingRate = preset.phi?.breathingRate ?? phi.breathingRate
        couplingStrength = preset.couplingStrength ?? couplingStrength
        character.couplingBase = preset.engine?.coupling?.base ?? character.couplingBase
        character.couplingSwing = preset.engine?.coupling?.swing ?? character.couplingSwing
        character.spread = preset.engine?.spread ?? character.spread
        character.drift = preset.engine?.drift ?? character.drift
        for (k, channel) in (preset.channels ?? []).enumerated() {
            channels[k].frequency = channel.frequency ?? channels[k].frequency
            channels[k].amplitude = channel.amplitude ?? channels[k].amplitude
            channels[k].enabled = channel.enabled ?? channels[k].enabled
        }
    }
}
