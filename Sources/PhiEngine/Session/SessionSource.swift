import Glibc
import PhiModel

/// Plays what a recorded session tells of its engine, with the timing it had. The same session gives the same states, bit
/// for bit.
///
/// States are taken at a fixed rate from between the recorded samples, as a frame is from between an engine's; where samples
/// are missing for longer, the last one holds. Waveforms are not recorded: they are drawn from the phases.
public final class SessionSource: StateSource {
    public let name: String
    public let sampleRate = 0
    public let bufferSize = 0
    public let sampleInterval = 1.0 / 120
    /// How long it plays from its start on, s; for ever where it loops, and then once through.
    public let duration: Double?

    /// Samples that are farther apart than this do not belong together, s.
    private static let longestGap = 0.5
    /// How long the end of a session takes to become its beginning, s.
    private static let seam = 0.7

    private let options: SessionOptions
    private let metrics: SessionLines
    /// Nil where the session has none.
    private let phi: SessionLines?
    private let length: Double
    private let seamOffset: StateOffset
    private var glide: SettingsGlide
    private var current = EngineState()
    private var hasBegun = false
    private var hasEnded = false

    /// - Parameters:
    ///   - sessions: The folder that a name is looked up in; nil where only paths are.
    ///   - settings: Which channels are enabled; the rest is as recorded.
    /// - Throws: `EngineError` where there is no session, or nothing in it to be played.
    public init(_ options: SessionOptions, sessions: String? = nil, settings: EngineSettings = EngineSettings()) throws
    {
        let folder = options.path(in: sessions)
        var information = stat()
        guard stat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            let archived = SessionOptions.archived(folder)
            if stat(archived, &information) == 0 {
                let id = folder.split(separator: "/").last ?? ""
                throw EngineError.refused(
                    .unreadableInput,
                    "The session \(id) is archived; bring it back with 'phi-matrix sessions unarchive \(id)'.")
            }
            throw EngineError.refused(
                .unreadableInput,
                "There is no session \(folder); 'phi-matrix sessions list' has the names of those there are.")
        }
        self.options = options
        name = "session:" + (options.folder.split(separator: "/").last.map(String.init) ?? options.folder)
        metrics = try SessionLines(path: folder + "/metrics.jsonl")
        phi = try? SessionLines(path: folder + "/phi.jsonl")
        length = max(0, metrics.last.time - metrics.first.time)
        guard options.start < max(length, 1e-9) else {
            throw EngineError.refused(
                .usage, "The session ends after \((length * 1_000).rounded() / 1_000) s; give a start before that.")
        }
        duration = (length - options.start) / options.speed
        glide = SettingsGlide(settings)
        seamOffset = StateOffset(
            from: Self.state(of: metrics.first.reading), to: Self.state(of: metrics.last.reading))
    }

    public var health: EngineHealth {
        var sentences: [String] = []
        if metrics.isTorn { sentences.append("The last line of metrics.jsonl was never finished, and is left out.") }
        if phi == nil { sentences.append("There is no phi.jsonl that can be read; Φ is as metrics.jsonl has it.") }
        if hasEnded { sentences.append("The session has ended; its last state stays.") }
        return EngineHealth(
            .running, sentences.isEmpty ? nil : sentences.joined(separator: " "),
            counts: [
                "unreadable_lines": metrics.unreadableCount + (phi?.unreadableCount ?? 0),
                "torn_lines": (metrics.isTorn ? 1 : 0) + (phi?.isTorn == true ? 1 : 0),
            ])
    }

    public func apply(_ settings: EngineSettings) { glide.begin(settings, at: current.time) }

    public func advance(to time: Double, into state: inout EngineState) throws {
        let target = sampleNumber(at: time)
        if !hasBegun || target > current.frameID { try play(target) }
        let timestamp = state.timestamp
        state = current
        state.timestamp = timestamp
    }

    private func play(_ number: UInt64) throws {
        let now = Double(number) * sampleInterval
        var moment = options.start + now * options.speed
        var round = 0.0
        if options.loops, length > 0 {
            round = (moment / length).rounded(.down)
            moment -= round * length
        } else {
            hasEnded = moment >= length
            moment = min(moment, length)
        }
        let recorded = metrics.first.time + moment
        let (before, after) = try metrics.samples(around: recorded)
        var state = Self.state(of: before.reading)
        var engineTime = before.reading.given.contains(.time) ? before.reading.state.time : before.time
        if let after, after.time - before.time <= Self.longestGap, recorded > before.time {
            let share = (recorded - before.time) / (after.time - before.time)
            let next = Self.state(of: after.reading)
            StateOffset(from: state, to: next).add(share, to: &state)
            let nextTime = after.reading.given.contains(.time) ? after.reading.state.time : after.time
            engineTime = engineTime.interpolated(to: nextTime, share)
        }
        try addPhi(at: recorded, to: &state)
        if round > 0 {
            let t = (moment / options.speed / Self.seam).clamped(to: 0...1)
            if t < 1 { seamOffset.add(1 - t * t * (3 - 2 * t), to: &state) }
        }
        state.frameID = number
        state.time = now
        // The breathing is a function of time, and has to stand where it stood then.
        state.phi.breathingPhase = Angle.wrap(
            state.phi.breathingPhase + Angle.turn * state.phi.breathingRate * (engineTime - now))
        mute(&state)
        LaneSynthesis.fill(&state)
        current = state
        hasBegun = true
    }

    /// What of Φ is in its own file alone.
    private func addPhi(at time: Double, to state: inout EngineState) throws {
        guard let reading = try phi?.samples(around: time).before.reading else { return }
        var of = reading.state
        var sanitizer = StateSanitizer()
        sanitizer.sanitize(&of)
        if reading.given.contains(.breathing) {
            state.phi.breathingRate = of.phi.breathingRate
            state.phi.breathingPhase = of.phi.breathingPhase
        }
    }

    private func mute(_ state: inout EngineState) {
        let presence = glide.presence(at: state.time)
        let target = glide.target
        for k in state.channels.indices {
            state.channels[k].amplitude *= presence[k]
            state.channels[k].enabled =
                state.channels[k].enabled && (target.channels[k].enabled || presence[k] > 0)
        }
    }

    /// A recorded sample with what it lacks, from itself alone, so that it does not matter what was played before.
    private static func state(of reading: StateReading) -> EngineState {
        var completion = StateCompletion()
        return completion.state(of: reading, at: reading.sessionTime ?? reading.state.time)
    }
}
