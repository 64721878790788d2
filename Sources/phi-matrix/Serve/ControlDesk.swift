import ControlInput
import FrameServer
import Logging
import PhiEngine
import PhiModel
import PhiRenderer

/// Does what controllers ask for. A controller that moves Φ takes it over, from whatever source it came.
struct ControlDesk: Sendable {
    let engine: EngineLoop
    let channels: EngineAdapter
    let renderer: RendererAdapter
    let presets: PresetAdapter
    let logger: Logger

    /// May be called from any thread.
    func take(_ command: ControlCommand, from origin: ControlOrigin) {
        switch command {
        case .phiDepth(let depth): takeOver(origin, depth: depth, phase: nil)
        case .phiPhase(let phase): takeOver(origin, depth: nil, phase: phase)
        case .scene(let name): show(name, origin)
        case .sceneNumber(let number):
            let scenes = SceneCatalog.entries
            guard scenes.indices.contains(number) else { return refuse("there is no scene of that number", origin) }
            show(scenes[number].name, origin)
        case .preset(let id):
            let (presets, desk) = (presets, self)
            Task {
                guard let found = try? await presets.preset(id) else {
                    return desk.refuse("there is no usable preset of that name", origin)
                }
                _ = presets.load(found.preset, id: found.id, seconds: nil)
            }
        case .channelAmplitude(let channel, let amplitude):
            try? channels.setChannel(channel, amplitude: amplitude.clamped(to: 0...1), isEnabled: nil)
        }
    }

    private func takeOver(_ origin: ControlOrigin, depth: Double?, phase: Double?) {
        let (mode, wish) = origin == .midi ? (PhiMode.midi, PhiWish.midi) : (.sensor, .sensor)
        engine.phiInputs.put(mode, depth: depth, phase: phase)
        if engine.wishes.phi != wish { engine.change { $0.phi = wish } }
    }

    private func show(_ name: String, _ origin: ControlOrigin) {
        guard name != renderer.currentScene else { return }
        guard renderer.showScene(name, transition: .standard) else {
            return refuse("there is no scene of that name", origin)
        }
    }

    private func refuse(_ why: Logger.Message, _ origin: ControlOrigin) {
        logger.warning(why, metadata: ["from": "\(origin.rawValue)"])
    }
}
