import Foundation
import FrameServer
import Handoff
import PhiEngine
import PhiModel
import Synchronization

/// Shows the engine to the server, and brings it what the server's clients want.
final class EngineAdapter: EnginePort {
    private let loop: EngineLoop
    private let seed: UInt64
    private let sessions: String
    private let inbox: StateInbox
    /// The server's buffer; the lock makes its many threads one reader.
    private let states: Mutex<TripleBuffer<TimedState>>

    /// - Parameters:
    ///   - seed: Of a synthetic engine that is chosen later.
    ///   - sessions: The folder that sessions are looked up in by name.
    ///   - inbox: Where states are pushed to.
    init(loop: EngineLoop, states: TripleBuffer<TimedState>, seed: UInt64, sessions: String, inbox: StateInbox) {
        self.sessions = sessions
        self.inbox = inbox
        self.loop = loop
        self.seed = seed
        self.states = Mutex(states)
    }

    var description: EngineDescription {
        let summary = loop.summary
        return EngineDescription(
            name: summary.name, audioRunning: summary.sampleRate > 0, sampleRate: summary.sampleRate,
            bufferSize: summary.bufferSize, condition: summary.health.condition.rawValue, detail: summary.health.detail,
            counts: summary.health.counts)
    }

    func newestState() -> EngineState { states.withLock { $0.latest { sample, _ in sample.state } } }

    var isFresh: Bool { loop.isFresh }

    var controls: EngineControls {
        let wishes = loop.wishes
        var held: (depth: Double, phase: Double)?
        if case .manual(let depth, let phase) = wishes.phi { held = (depth, phase) }
        return EngineControls(
            phiSource: wishes.phi.mode?.name ?? "engine",
            channels: wishes.settings.channels.indices.map {
                let channel = wishes.settings.channels[$0]
                return EngineControls.Channel(amplitude: channel.amplitude, isEnabled: channel.enabled)
            }, isPaused: wishes.isPaused, heldDepth: held?.depth, heldPhase: held?.phase,
            couplingStrength: wishes.settings.couplingStrength)
    }

    func setPhi(_ change: PhiChange) throws {
        let now = newestState().phi
        if let depth = change.depth, !(0...GoldenRatio.phi).contains(depth) {
            throw EngineRefusal("A depth of Φ goes from 0 to 1.618.")
        }
        if let phase = change.phase, !phase.isFinite { throw EngineRefusal("A phase of Φ is a number of radians.") }
        if let frequency = change.frequency, !(0.01...10).contains(frequency) {
            throw EngineRefusal("The frequency of an internal Φ goes from 0.01 to 10 Hz.")
        }
        let wished = loop.wishes.phi
        let source = change.source ?? (wished == .sensor ? "sensor" : change.frequency == nil ? "manual" : "internal")
        switch source {
        case "engine": loop.change { $0.phi = .engine }
        case "manual":
            let depth = change.depth ?? now.depth, phase = Angle.wrap(change.phase ?? now.phase)
            loop.change { $0.phi = .manual(depth: depth, phase: phase) }
        case "internal":
            let frequency = change.frequency ?? now.frequency
            loop.change { $0.phi = .internal(frequency: frequency) }
        case "sensor":
            loop.phiInputs.put(.sensor, depth: change.depth ?? now.depth, phase: change.phase ?? now.phase)
            loop.change { $0.phi = .sensor }
        case "midi":
            loop.phiInputs.put(.midi, depth: change.depth, phase: change.phase)
            loop.change { $0.phi = .midi }
        case "audio":
            guard loop.summary.sampleRate > 0 else {
                throw EngineRefusal(
                    "Φ can follow sound only where an engine hears some; choose an engine with sound first.")
            }
            loop.change { $0.phi = .engine }
        default:
            throw EngineRefusal("Φ comes from engine, manual, audio, midi, sensor or internal.")
        }
    }

    func setChannel(_ channel: Int, amplitude: Double?, isEnabled: Bool?) throws {
        guard (0..<EngineState.channelCount).contains(channel) else {
            throw EngineRefusal("There are channels 0 to 7.")
        }
        if let amplitude, !(0...1).contains(amplitude) { throw EngineRefusal("An amplitude goes from 0 to 1.") }
        loop.change { wishes in
            if let amplitude { wishes.settings.channels[channel].amplitude = amplitude }
            if let isEnabled { wishes.settings.channels[channel].enabled = isEnabled }
        }
    }

    func setCouplingStrength(_ strength: Double) throws {
        guard (0...2).contains(strength) else { throw EngineRefusal("The coupling strength goes from 0 to 2.") }
        loop.change { $0.settings.couplingStrength = strength }
    }

    func setPaused(_ isPaused: Bool) { loop.change { $0.isPaused = isPaused } }

    func push(_ json: Data) throws {
        let name = loop.summary.name
        guard name == "push" else {
            throw EngineRefusal(
                "The engine \(name) takes no states from outside; start the server with --engine push.")
        }
        try inbox.put(json: json)
    }

    func choose(_ engine: String) async throws {
        let (loop, seed, settings) = (loop, seed, loop.wishes.settings)
        let (sessions, inbox) = (sessions, inbox)
        let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
            // Opening a file may take a while.
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result {
                        loop.replace(
                            with: try EngineSpecification(parsing: engine).makeSource(
                                seed: seed, settings: settings, sessions: sessions, inbox: inbox,
                                microphone: { try MicrophoneInput($0) }))
                    })
            }
        }
        do { try result.get() } catch let error as EngineError { throw EngineRefusal("\(error)") }
    }
}
