import Glibc
import PhiModel

/// Moves from the settings that hold to new ones within a second, so that nothing jumps.
struct SettingsGlide {
    /// How long it takes, s.
    private static let duration = 1.0

    private var from: EngineSettings
    private(set) var target: EngineSettings
    /// How much of each channel was there when it set out.
    private var presenceBefore: InlineArray<8, Double>
    /// Engine time, s; nil before the first change.
    private var start: Double?

    init(_ settings: EngineSettings) {
        from = settings
        target = settings
        presenceBefore = InlineArray { settings.channels[$0].enabled ? 1 : 0 }
    }

    /// Sets out for `settings` from what holds at `time`, engine time in seconds.
    mutating func begin(_ settings: EngineSettings, at time: Double) {
        let presence = presence(at: time)
        from = self.settings(at: time)
        presenceBefore = presence
        target = settings
        start = time
    }

    /// How far it is at `time`, [0, 1], slow at both ends; 1 where nothing was changed.
    func progress(at time: Double) -> Double {
        guard let start else { return 1 }
        let t = ((time - start) / Self.duration).clamped(to: 0...1)
        return t * t * (3 - 2 * t)
    }

    /// How much of each channel there is, [0, 1]: 1 where it is enabled, 0 where it is muted, and on the way between both.
    /// For an engine that hears its amplitudes.
    func presence(at time: Double) -> InlineArray<8, Double> {
        let t = progress(at: time)
        return InlineArray { presenceBefore[$0].interpolated(to: target.channels[$0].enabled ? 1 : 0, t) }
    }

    /// What holds at `time`: frequencies by ratio, amplitudes, the strength and the character linearly; a channel that is muted fades
    /// first. Of Φ it is the target's.
    func settings(at time: Double) -> EngineSettings {
        let t = progress(at: time)
        guard t < 1 else { return target }
        var result = target
        result.couplingStrength = from.couplingStrength.interpolated(to: target.couplingStrength, t)
        result.character = from.character.interpolated(to: target.character, t)
        for k in result.channels.indices {
            let a = from.channels[k], b = target.channels[k]
            result.channels[k].frequency = a.frequency * pow(b.frequency / a.frequency, t)
            result.channels[k].amplitude = a.audibleAmplitude.interpolated(to: b.audibleAmplitude, t)
            result.channels[k].enabled = a.enabled || b.enabled
        }
        return result
    }
}
