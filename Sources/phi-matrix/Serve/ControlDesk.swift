import ControlInput
import FrameServer
import Logging
import PhiEngine
import PhiModel
import PhiRenderer
import ServiceLifecycle
import Synchronization

/// Does what controllers ask for. A controller that moves Φ takes it over, from whatever source it came.
final class ControlDesk: Service {
    private struct PresetRequest: Sendable {
        let id: String
        let origin: ControlOrigin
    }

    /// Each is told once a minute, however often a controller sends it.
    private enum Refusal: String {
        case sceneName = "there is no scene of that name"
        case sceneNumber = "there is no scene of that number"
        case preset = "there is no usable preset of that name"
    }

    private let engine: EngineLoop
    private let channels: EngineAdapter
    private let renderer: RendererAdapter
    private let presets: PresetAdapter
    private let logger: Logger
    private let told = Mutex<[Refusal: ContinuousClock.Instant]>([:])
    private let requests: AsyncStream<PresetRequest>
    private let request: AsyncStream<PresetRequest>.Continuation

    init(
        engine: EngineLoop, channels: EngineAdapter, renderer: RendererAdapter, presets: PresetAdapter, logger: Logger
    ) {
        self.engine = engine
        self.channels = channels
        self.renderer = renderer
        self.presets = presets
        self.logger = logger
        (requests, request) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Loads the presets that are asked for, one after the other: of those that come meanwhile the newest.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await request in self.requests {
                guard let found = try? await self.presets.preset(request.id) else {
                    self.refuse(.preset, request.id, request.origin)
                    continue
                }
                _ = self.presets.load(found.preset, id: found.id, seconds: nil)
            }
        }
    }

    /// May be called from any thread.
    func take(_ command: ControlCommand, from origin: ControlOrigin) {
        switch command {
        case .phiDepth(let depth): takeOver(origin, depth: depth, phase: nil)
        case .phiPhase(let phase): takeOver(origin, depth: nil, phase: phase)
        case .scene(let name): show(name, origin)
        case .sceneNumber(let number):
            let scenes = SceneCatalog.entries
            guard scenes.indices.contains(number) else { return refuse(.sceneNumber, "\(number)", origin) }
            show(scenes[number].name, origin)
        case .preset(let id): request.yield(PresetRequest(id: id, origin: origin))
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
        guard renderer.showScene(name, transition: .standard) else { return refuse(.sceneName, name, origin) }
    }

    private func refuse(_ why: Refusal, _ name: String, _ origin: ControlOrigin) {
        let now = ContinuousClock.now
        let isDue = told.withLock { told in
            if let before = told[why], now < before + .seconds(60) { return false }
            told[why] = now
            return true
        }
        guard isDue else { return }
        logger.warning("\(why.rawValue)", metadata: ["asked": "\(name.prefix(80))", "from": "\(origin.rawValue)"])
    }
}
