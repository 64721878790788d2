import PhiModel

/// Something that `/ws/ui` can set.
enum Parameter: Hashable, Sendable {
    case amplitude(Int)
    case enabled(Int)
    case phiDepth, phiPhase, phiFrequency, phiSource
    case couplingStrength, paused, scene, quality, hud, phiRotation, phiBreathing, frequencyScale

    /// What is wrong with a request: a sentence.
    struct Mistake: Error {
        let sentence: String
    }

    /// Reads `param_type`, `channel` and `param`.
    init(type: String, channel: Int?, name: String) throws(Mistake) {
        switch (type, name) {
        case ("channel", "amplitude"): self = .amplitude(try Self.check(channel))
        case ("channel", "enabled"): self = .enabled(try Self.check(channel))
        case ("channel", _): throw Mistake(sentence: "Of a channel, amplitude and enabled can be set.")
        case ("phi", "depth"): self = .phiDepth
        case ("phi", "phase"): self = .phiPhase
        case ("phi", "frequency"): self = .phiFrequency
        case ("phi", "source"), ("phi", "mode"): self = .phiSource
        case ("phi", _): throw Mistake(sentence: "Of Φ, source, depth, phase and frequency can be set.")
        case ("global", "coupling_strength"): self = .couplingStrength
        case ("global", "paused"): self = .paused
        case ("global", "scene"): self = .scene
        case ("global", "quality"): self = .quality
        case ("global", "hud"): self = .hud
        case ("global", "phi_rotation"): self = .phiRotation
        case ("global", "phi_breathing"): self = .phiBreathing
        case ("global", "frequency_scale"): self = .frequencyScale
        case ("global", _):
            throw Mistake(
                sentence: "Globally, coupling_strength, paused, scene, quality, hud, phi_rotation, phi_breathing and "
                    + "frequency_scale can be set.")
        default: throw Mistake(sentence: "param_type is channel, global or phi.")
        }
    }

    private static func check(_ channel: Int?) throws(Mistake) -> Int {
        guard let channel, (0..<EngineState.channelCount).contains(channel) else {
            throw Mistake(sentence: "There are channels 0 to 7.")
        }
        return channel
    }

    /// Sets it. Throws a mistake, or a refusal of the engine.
    func set(_ value: JSONValue, on ports: ServerPorts) throws {
        switch self {
        case .amplitude(let k):
            try ports.engine.setChannel(k, amplitude: try Self.number(value), isEnabled: nil)
        case .enabled(let k): try ports.engine.setChannel(k, amplitude: nil, isEnabled: try Self.flag(value))
        case .phiDepth: try ports.engine.setPhi(PhiChange(depth: try Self.number(value)))
        case .phiPhase: try ports.engine.setPhi(PhiChange(phase: try Self.number(value)))
        case .phiFrequency: try ports.engine.setPhi(PhiChange(frequency: try Self.number(value)))
        case .phiSource: try ports.engine.setPhi(PhiChange(source: try Self.text(value)))
        case .couplingStrength: try ports.engine.setCouplingStrength(try Self.number(value))
        case .paused: ports.engine.setPaused(try Self.flag(value))
        case .hud: ports.renderer.showHUD(try Self.flag(value))
        case .scene:
            guard ports.renderer.showScene(try Self.text(value), transition: .standard) else {
                let names = ports.renderer.scenes.map(\.name).joined(separator: ", ")
                throw Mistake(sentence: "There is no scene of that name; there are \(names).")
            }
        case .quality: try Self.setQuality(value, on: ports.renderer)
        case .phiRotation, .phiBreathing, .frequencyScale: try setColors(value, on: ports.renderer)
        }
    }

    private func setColors(_ value: JSONValue, on renderer: any RendererPort) throws(Mistake) {
        var rule = renderer.colorRule
        switch self {
        case .phiRotation: rule.rotates = try Self.flag(value)
        case .phiBreathing: rule.breathes = try Self.flag(value)
        default:
            guard let scale = HueScale(name: try Self.text(value)) else {
                throw Mistake(sentence: "frequency_scale is log or linear.")
            }
            rule.scale = scale
        }
        renderer.follow(rule)
    }

    private static func setQuality(_ value: JSONValue, on renderer: any RendererPort) throws(Mistake) {
        if value.string == "auto" { return renderer.setQuality(.automatic) }
        guard let level = renderer.qualityLevels.map(\.level).first(where: { Double($0) == value.number }) else {
            throw Mistake(sentence: "quality is a level from 0 to 5, or \"auto\".")
        }
        renderer.setQuality(.level(level))
    }

    private static func number(_ value: JSONValue) throws(Mistake) -> Double {
        guard let number = value.number else { throw Mistake(sentence: "The value has to be a number.") }
        return number
    }

    private static func flag(_ value: JSONValue) throws(Mistake) -> Bool {
        guard let flag = value.bool else { throw Mistake(sentence: "The value has to be true or false.") }
        return flag
    }

    private static func text(_ value: JSONValue) throws(Mistake) -> String {
        guard let text = value.string else { throw Mistake(sentence: "The value has to be a text.") }
        return text
    }
}
