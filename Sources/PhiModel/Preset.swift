import Foundation

/// A named look: what an engine and a renderer start with. Whatever a preset leaves out keeps its default.
public struct Preset: Codable, Sendable, Equatable {
    /// The version of the schema that this program writes and reads.
    public static let schemaVersion = 1

    /// The modulation.
    public struct Phi: Codable, Sendable, Equatable {
        /// [0, φ]; a preset with a depth holds Φ still.
        public var depth: Double?
        /// Radians.
        public var phase: Double?
        /// The rate of an internal Φ: Hz, [0.01, 10].
        public var frequency: Double?
        /// The rate of the breathing: Hz, [0.1, 10].
        public var breathingRate: Double?

        enum CodingKeys: String, CodingKey {
            case depth, phase, frequency
            case breathingRate = "breathing_rate"
        }
    }

    /// One of the eight channels.
    public struct Channel: Codable, Sendable, Equatable {
        /// Hz, [0.001, 96000].
        public var frequency: Double?
        /// [0, 1].
        public var amplitude: Double?
        /// False to mute the channel.
        public var enabled: Bool?
    }

    /// The version of the schema that the file was written for; 1 where it is left out.
    public var schemaVersion: Int?
    /// Letters, digits, spaces, '-' and '_'; at most 64.
    public var name: String
    /// One sentence for people who choose.
    public var description: String?
    /// The name of the scene to begin with.
    public var scene: String?
    /// What the modulation starts with.
    public var phi: Phi?
    /// [0, 2].
    public var couplingStrength: Double?
    /// At most eight, from channel 0 on.
    public var channels: [Channel]?

    enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case name, description, scene, phi
        case couplingStrength = "coupling_strength"
        case channels
    }

    /// Reads and checks a preset.
    /// - Parameters:
    ///   - json: At most 1 MiB.
    ///   - source: The file's name, for errors.
    public init(json: Data, source: String) throws(PresetError) {
        do {
            self = try JSONDecoder().decode(Preset.self, from: json)
        } catch let error as DecodingError {
            throw PresetError(source: source, decoding: error)
        } catch {
            throw PresetError(source: source, reason: "it is not JSON")
        }
        if let problem = firstProblem {
            throw PresetError(source: source, field: problem.field, reason: problem.reason)
        }
    }

    /// The first field that is out of range, with the reason.
    private var firstProblem: (field: String, reason: String)? {
        func check(_ value: Double?, _ range: ClosedRange<Double>, _ field: String) -> (String, String)? {
            guard let value, !range.contains(value) else { return nil }
            return (field, "\(value) is not in \(range.lowerBound) … \(range.upperBound)")
        }
        if let schemaVersion, schemaVersion != Self.schemaVersion {
            return ("schema_version", "this program reads version \(Self.schemaVersion), not \(schemaVersion)")
        }
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: " -_"))
        if name.isEmpty || name.count > 64 || name.unicodeScalars.contains(where: { !allowed.contains($0) }) {
            return ("name", "a name has 1 to 64 letters, digits, spaces, '-' or '_'")
        }
        if (channels?.count ?? 0) > EngineState.channelCount {
            return (
                "channels", "there are \(channels?.count ?? 0), and at most \(EngineState.channelCount) are possible"
            )
        }
        for (k, channel) in (channels ?? []).enumerated() {
            if let problem = check(channel.frequency, 0.001...96_000, "channels[\(k)].frequency")
                ?? check(channel.amplitude, 0...1, "channels[\(k)].amplitude")
            {
                return problem
            }
        }
        return check(phi?.depth, 0...GoldenRatio.phi, "phi.depth")
            ?? check(phi?.frequency, 0.01...10, "phi.frequency")
            ?? check(phi?.breathingRate, 0.1...10, "phi.breathing_rate")
            ?? check(phi?.phase, -1_000...1_000, "phi.phase")
            ?? check(couplingStrength, 0...2, "coupling_strength")
    }
}

/// Why a preset cannot be used: file, field and reason.
public struct PresetError: Error, Equatable, CustomStringConvertible {
    /// The file, or the name that was asked for.
    public let source: String
    /// The path of the field, such as "phi.depth"; nil where the whole is at fault.
    public let field: String?
    /// A part of a sentence.
    public let reason: String

    public init(source: String, field: String? = nil, reason: String) {
        self.source = source
        self.field = field
        self.reason = reason
    }

    init(source: String, decoding error: DecodingError) {
        func path(_ context: DecodingError.Context) -> String? {
            let parts = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
            let joined = parts.joined()
            return joined.isEmpty ? nil : joined.hasPrefix(".") ? String(joined.dropFirst()) : joined
        }
        switch error {
        case .keyNotFound(let key, _): self.init(source: source, field: key.stringValue, reason: "it is missing")
        case .typeMismatch(let type, let context):
            self.init(source: source, field: path(context), reason: "it has to be of type \(type)")
        case .valueNotFound(_, let context): self.init(source: source, field: path(context), reason: "it is null")
        default: self.init(source: source, reason: "it is not JSON")
        }
    }

    public var description: String {
        "The preset \(source) cannot be used\(field.map { ": \($0)" } ?? ""): \(reason)."
    }
}
