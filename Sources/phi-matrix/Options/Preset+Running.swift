import PhiEngine
import PhiModel

extension Preset {
    /// What engine and picture do, as a preset. What is as it is without a preset is left out, so that it is read back
    /// without a difference.
    init(name: String, wishes: EngineWishes, scene: String, look shown: Look) {
        self.init(name: name)
        self.scene = scene
        look = Self.dress(shown)
        let settings = wishes.settings
        phi = Self.phi(settings.phi, wishes.phi)
        couplingStrength = settings.couplingStrength
        engine = Self.engine(settings.character)
        channels = settings.channels.indices.map { k in
            var channel = Channel()
            channel.frequency = settings.channels[k].frequency
            channel.amplitude = settings.channels[k].amplitude
            channel.enabled = settings.channels[k].enabled
            return channel
        }
    }

    private static func phi(_ settings: PhiModulation, _ wish: PhiWish) -> Phi {
        var phi = Phi()
        phi.frequency = settings.frequency
        phi.breathingRate = settings.breathingRate
        switch wish {
        case .manual(let depth, let phase): (phi.depth, phi.phase) = (depth, phase)
        case .internal(let frequency): phi.frequency = frequency
        case .engine, .sensor, .midi:
            phi.phase = settings.phase
            if settings.mode == .manual { phi.depth = settings.depth }
        }
        return phi
    }

    private static func engine(_ character: SyntheticCharacter) -> Engine? {
        guard character != SyntheticCharacter() else { return nil }
        var engine = Engine(), coupling = Engine.Coupling()
        coupling.base = character.couplingBase
        coupling.swing = character.couplingSwing
        engine.coupling = coupling
        engine.spread = character.spread
        engine.drift = character.drift
        return engine
    }

    private static func dress(_ look: Look) -> Dress {
        var dress = Dress()
        let usual = Look()
        if look.center != usual.center || look.corner != usual.corner {
            dress.background = [look.center.hex, look.corner.hex]
        }
        if look.accent != usual.accent { dress.accent = look.accent.hex }
        dress.glow = look.glow
        dress.trails = look.trails
        dress.labels = look.hasLabels
        return dress
    }
}
