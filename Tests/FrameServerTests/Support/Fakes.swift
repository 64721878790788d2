import Foundation
import FrameCodec
import FrameServer
import Handoff
import NIOCore
import PhiModel
import Synchronization
import Telemetry

/// Does at once what it is told, and remembers it.
final class FakeRenderer: RendererPort {
    let description: RendererDescription
    let scenes = [
        SceneDescription(name: "spectral", summary: "Bars."), SceneDescription(name: "topology", summary: "Links."),
    ]
    let qualityLevels = (0...5).map { QualityDescription(level: $0, summary: "Level \($0).") }
    private let current = Mutex("spectral")
    private let transition = Mutex(Transition.none)
    private let report = Mutex(QualityReport(level: 3, isAutomatic: false, reason: .chosen))
    private let hud = Mutex(false)

    init(targetFPS: Int = 60) {
        description = RendererDescription(
            device: "Test device", driver: "Test driver 1.0", isSoftware: true, width: 64, height: 36,
            targetFPS: targetFPS)
    }

    var currentScene: String { current.withLock { $0 } }

    /// Of the last change of scene.
    var lastTransition: Transition { transition.withLock { $0 } }

    func showScene(_ name: String, transition: Transition) -> Bool {
        guard scenes.contains(where: { $0.name == name }) else { return false }
        current.withLock { $0 = name }
        self.transition.withLock { $0 = transition }
        return true
    }

    var quality: QualityReport { report.withLock { $0 } }

    func setQuality(_ wish: QualityWish) {
        report.withLock { report in
            if case .level(let level) = wish { report.level = level }
            report.isAutomatic = wish == .automatic
            report.reason = .chosen
            report.changes[.chosen, default: 0] += 1
        }
    }

    /// The scaler's own doing.
    func move(to level: Int, _ reason: QualityReason) {
        report.withLock { report in
            report.level = level
            report.reason = reason
            report.changes[reason, default: 0] += 1
        }
    }

    var isHUDShown: Bool { hud.withLock { $0 } }

    func showHUD(_ isShown: Bool) { hud.withLock { $0 = isShown } }

    private let rule = Mutex(ColorRule())

    var colorRule: ColorRule { rule.withLock { $0 } }

    func follow(_ rule: ColorRule) { self.rule.withLock { $0 = rule } }
}

final class FakeEngine: EnginePort {
    private let hearing = Atomic(true)
    private let number = Atomic<UInt64>(0)
    private let fresh = Atomic(true)

    var isFresh: Bool {
        get { fresh.load(ordering: .relaxed) }
        set { fresh.store(newValue, ordering: .relaxed) }
    }

    /// Whether there is sound, at 120 beats a minute.
    var hears: Bool {
        get { hearing.load(ordering: .relaxed) }
        set { hearing.store(newValue, ordering: .relaxed) }
    }

    var description: EngineDescription {
        EngineDescription(
            name: "synthetic", audioRunning: hears, sampleRate: hears ? 48_000 : 0, bufferSize: hears ? 512 : 0)
    }

    func newestState() -> EngineState {
        var state = EngineState()
        if hears {
            state.sound.tempo = 120
            state.sound.confidence = 0.75
        }
        state.frameID = number.add(1, ordering: .relaxed).newValue
        state.timestamp = MonotonicClock.unixSeconds
        state.ici = 0.25
        state.phi.depth = 0.75
        state.phi.phase = 1.5
        return state
    }

    func push(_ json: Data) throws {
        let reading = try StateReading(json: json)
        if let word = reading.unknownWord { throw word }
        asked.withLock { $0.append("push") }
    }

    /// What clients asked for, in their words.
    let asked = Mutex<[String]>([])
    private let wanted = Mutex(
        EngineControls(
            phiSource: "engine", channels: Array(repeating: .init(amplitude: 0.5, isEnabled: true), count: 8),
            isPaused: false))

    var controls: EngineControls { wanted.withLock { $0 } }

    func setPhi(_ change: PhiChange) throws {
        if let depth = change.depth, !(0...1.62).contains(depth) {
            throw EngineRefusal("A depth goes from 0 to 1.618.")
        }
        asked.withLock { $0.append("phi \(change.source ?? "-") \(change.depth ?? -1) \(change.phase ?? -1)") }
        wanted.withLock { wanted in
            wanted.phiSource = change.source ?? "manual"
            wanted.heldDepth = change.depth ?? wanted.heldDepth
            wanted.heldPhase = change.phase ?? wanted.heldPhase
        }
    }

    func setChannel(_ channel: Int, amplitude: Double?, isEnabled: Bool?) throws {
        guard (0..<8).contains(channel) else { throw EngineRefusal("There are channels 0 to 7.") }
        wanted.withLock { wanted in
            if let amplitude { wanted.channels[channel].amplitude = amplitude }
            if let isEnabled { wanted.channels[channel].isEnabled = isEnabled }
        }
    }

    func setCouplingStrength(_ strength: Double) throws {
        guard (0...2).contains(strength) else { throw EngineRefusal("The coupling strength goes from 0 to 2.") }
        wanted.withLock { $0.couplingStrength = strength }
    }

    func setPaused(_ isPaused: Bool) { wanted.withLock { $0.isPaused = isPaused } }

    func choose(_ engine: String) async throws {
        guard engine == "synthetic" else { throw EngineRefusal("There is no engine '\(engine)'.") }
        asked.withLock { $0.append("engine \(engine)") }
    }
}

struct FakeSnapshots: SnapshotPort {
    struct NoFrame: Error {}

    var fails = false

    func snapshot(_ format: SnapshotFormat) async throws -> Snapshot {
        if fails { throw NoFrame() }
        return Snapshot(bytes: ByteBuffer(string: format == .png ? "PNG" : "JPEG"), frameNumber: 42)
    }

    func evidence() async throws -> ByteBuffer {
        if fails { throw NoFrame() }
        return ByteBuffer(string: #"{"frame":42}"#)
    }
}

/// A frame whose payload begins with its number and is otherwise filler between the marks of a JPEG.
func makeFrame(
    _ sequence: UInt32, at time: UInt64 = MonotonicClock.microseconds, bytes: Int = 2_000, epoch: UInt32 = 1,
    stream: UInt16 = 0
) -> EncodedFrame {
    var info = FrameInfo()
    info.sequence = sequence
    info.presentationTime = time
    info.renderMicroseconds = 3_000
    info.readbackMicroseconds = 500
    info.width = 64
    info.height = 36
    info.stateSequence = sequence &+ 7
    info.stateTime = time
    var message = ByteBuffer(repeating: 0, count: MediaHeader.length)
    message.writeBytes([0xFF, 0xD8, 0xFF, 0xE0])
    message.writeInteger(sequence)
    message.writeRepeatingByte(UInt8(truncatingIfNeeded: sequence), count: max(0, bytes - 10))
    message.writeBytes([0xFF, 0xD9])
    let format = StreamFormat(
        epoch: epoch, codec: "jpeg", width: 64, height: 36, framesPerSecond: 60, encoder: JPEGEncoder.name)
    return EncodedFrame(
        info: info, type: .jpeg, flags: .key, stream: stream, format: format, chain: UInt64(sequence),
        encodeMicroseconds: 1_200, message: message)
}
