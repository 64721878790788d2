import Foundation

/// The ranges that the numbers of a preset may have, by the path of their field.
public enum PresetRanges {
    /// At the channels the path has no index.
    public static let all: [String: ClosedRange<Double>] = [
        "coupling_strength": 0...2,
        "engine.coupling.base": -1...1,
        "engine.coupling.swing": 0...2,
        "engine.spread": 0...2,
        "engine.drift": 0...0.5,
        "phi.depth": 0...GoldenRatio.phi,
        "phi.phase": -1_000...1_000,
        "phi.frequency": 0.01...10,
        "phi.breathing_rate": 0.1...10,
        "channels.frequency": ChannelState.frequencyRange,
        "channels.amplitude": 0...1,
        "look.glow": Look.glowRange,
        "look.trails": Look.trailsRange,
        "transition.seconds": Transition.secondsRange,
    ]
}

extension Preset {
    /// The most tags there may be, and the most characters in one.
    private static let tagLimits = (count: 16, length: 32)

    /// The first field that makes no sense, with the reason.
    var firstProblem: (field: String, reason: String)? {
        if let schemaVersion, schemaVersion != Self.schemaVersion {
            return ("schema_version", "this program reads version \(Self.schemaVersion), not \(schemaVersion)")
        }
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: " -_"))
        if name.isEmpty || name.count > 64 || name.unicodeScalars.contains(where: { !allowed.contains($0) }) {
            return ("name", "a name has 1 to 64 letters, digits, spaces, '-' or '_'")
        }
        if let tags {
            if tags.count > Self.tagLimits.count { return ("tags", "there can be \(Self.tagLimits.count) at most") }
            for (n, tag) in tags.enumerated() where tag.isEmpty || tag.count > Self.tagLimits.length {
                return ("tags[\(n)]", "a tag has 1 to \(Self.tagLimits.length) characters")
            }
        }
        if (channels?.count ?? 0) > EngineState.channelCount {
            return (
                "channels", "there are \(channels?.count ?? 0), and at most \(EngineState.channelCount) are possible"
            )
        }
        return lookProblem ?? numberProblem
    }

    private var lookProblem: (String, String)? {
        if let background = look?.background {
            guard background.count == 2 else {
                return ("look.background", "it has two colours: that of the middle and that of the corners")
            }
            for (n, color) in background.enumerated() where LinearColor(hex: color) == nil {
                return ("look.background[\(n)]", "'\(color)' is no colour such as \"#0b0c14\"")
            }
        }
        if let accent = look?.accent, LinearColor(hex: accent) == nil {
            return ("look.accent", "'\(accent)' is no colour such as \"#ffcc5c\"")
        }
        if let style = transition?.style, Transition.Style(name: style) == nil {
            let names = Transition.Style.allCases.map(\.name).joined(separator: ", ")
            return ("transition.style", "'\(style)' is none of \(names)")
        }
        return nil
    }

    private var numberProblem: (String, String)? {
        func check(_ value: Double?, _ path: String, at field: String? = nil) -> (String, String)? {
            guard let value, let range = PresetRanges.all[path], !range.contains(value) else { return nil }
            return (field ?? path, "\(value) is not in \(range.lowerBound) … \(range.upperBound)")
        }
        for (k, channel) in (channels ?? []).enumerated() {
            if let problem = check(channel.frequency, "channels.frequency", at: "channels[\(k)].frequency")
                ?? check(channel.amplitude, "channels.amplitude", at: "channels[\(k)].amplitude")
            {
                return problem
            }
        }
        let numbers: [(String, Double?)] = [
            ("phi.depth", phi?.depth), ("phi.frequency", phi?.frequency), ("phi.breathing_rate", phi?.breathingRate),
            ("phi.phase", phi?.phase), ("coupling_strength", couplingStrength),
            ("engine.coupling.base", engine?.coupling?.base), ("engine.coupling.swing", engine?.coupling?.swing),
            ("engine.spread", engine?.spread), ("engine.drift", engine?.drift), ("look.glow", look?.glow),
            ("look.trails", look?.trails), ("transition.seconds", transition?.seconds),
        ]
        for (path, value) in numbers {
            if let problem = check(value, path) { return problem }
        }
        return nil
    }

    /// The fields that a preset can have, as paths without indices.
    public static let fields: Set<String> = Set(PresetRanges.all.keys).union([
        "schema_version", "name", "description", "tags", "scene", "look", "transition", "phi", "channels", "engine",
        "engine.coupling",
        "channels.enabled", "look.background", "look.accent", "look.labels", "transition.style",
    ])

    /// The paths of the fields of a JSON object that no preset has: most likely they are misspelt. In alphabetical order;
    /// empty where `json` is no object.
    public static func unknownFields(in json: Data) -> [String] {
        guard let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any] else { return [] }
        var unknown: Set<String> = []
        func visit(_ value: Any, _ path: String) {
            if let object = value as? [String: Any] {
                for (key, value) in object {
                    let field = path.isEmpty ? key : "\(path).\(key)"
                    if fields.contains(field) { visit(value, field) } else { unknown.insert(field) }
                }
            } else if let array = value as? [Any] {
                for value in array { visit(value, path) }
            }
        }
        visit(object, "")
        return unknown.sorted()
    }
}

extension LinearColor {
    /// The colour of "#rrggbb", sRGB-encoded; nil for anything else.
    public init?(hex: String) {
        let digits = hex.dropFirst().utf8
        guard hex.hasPrefix("#"), digits.count == 6, digits.allSatisfy({ UInt8(ascii: "0") <= $0 }),
            let value = UInt32(hex.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            sRGB: Double(value >> 16 & 255) / 255, Double(value >> 8 & 255) / 255, Double(value & 255) / 255)
    }
}
