import Glibc
import PhiModel

/// Puts Φ from where it is wanted in place of the engine's, and goes over from one to the other without a jump.
struct PhiDirector {
    /// How long a change takes, s.
    private static let glide = 0.5
    /// How fast what comes from outside is followed, s: a knob has 128 steps, which are not to be seen.
    private static let smoothing = 0.05

    private let inputs: PhiInputs
    private var wish = PhiWish.engine
    private var phase = 0.0
    private var smoothed: PhiInputs.Reading?
    private var lastTime: Double?
    /// What was shown when the wish changed, and when, engine time.
    private var before: (depth: Double, phase: Double, at: Double)?
    private var shown: (depth: Double, phase: Double) = (PhiModulation.restingDepth, 0)

    init(_ inputs: PhiInputs) { self.inputs = inputs }

    /// Puts the wished Φ into a state whose time advances from call to call.
    mutating func direct(_ state: inout EngineState, _ wish: PhiWish) {
        let elapsed = max(state.time - (lastTime ?? state.time), 0)
        if wish != self.wish {
            if lastTime != nil { before = (shown.depth, shown.phase, lastTime ?? state.time) }
            if case .internal = wish { phase = shown.phase }
            smoothed = nil
            self.wish = wish
        }
        lastTime = state.time
        switch wish {
        case .engine: break
        case .manual(let depth, let phase): set(&state, .manual, depth, phase)
        case .internal(let frequency):
            phase = Angle.wrap(phase + Angle.turn * frequency * elapsed)
            set(&state, .internal, PhiModulation.swingingDepth(phase: phase), phase)
            state.phi.frequency = frequency
        case .sensor: follow(&state, .sensor, elapsed)
        case .midi: follow(&state, .midi, elapsed)
        }
        ease(&state)
        shown = (state.phi.depth, state.phi.phase)
    }

    private func set(_ state: inout EngineState, _ mode: PhiMode, _ depth: Double, _ phase: Double) {
        state.phi.mode = mode
        state.phi.depth = depth.clamped(to: 0...GoldenRatio.phi)
        state.phi.phase = Angle.wrap(phase)
    }

    private mutating func follow(_ state: inout EngineState, _ mode: PhiMode, _ elapsed: Double) {
        let target = inputs.reading(mode)
        var now = smoothed ?? target
        let share = 1 - exp(-elapsed / Self.smoothing)
        now.depth += share * (target.depth - now.depth)
        now.phase = Angle.wrap(now.phase + share * Angle.difference(from: now.phase, to: target.phase))
        smoothed = now
        set(&state, mode, now.depth, now.phase)
    }

    /// Comes from what was shown before.
    private mutating func ease(_ state: inout EngineState) {
        guard let before else { return }
        let t = ((state.time - before.at) / Self.glide).clamped(to: 0...1)
        guard t < 1 else {
            self.before = nil
            return
        }
        let share = t * t * (3 - 2 * t)
        state.phi.depth = before.depth.interpolated(to: state.phi.depth, share)
        state.phi.phase = Angle.wrap(
            before.phase + share * Angle.difference(from: before.phase, to: state.phi.phase))
    }
}
