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

        public init() {}

        enum CodingKeys: String, CodingKey {
            case depth, phase, frequency
            case breathingRate = "breathing_rate"
        }
    }

    /// What the synthetic engine is like; other engines pass it over.
    public struct Engine: Codable, Sendable, Equatable {
        /// How strongly pairs of channels are coupled.
        public struct Coupling: Codable, Sendable, Equatable {
            /// The middle that every pair swings around, [−1, 1].
            public var base: Double?
            /// How far it swings to either side, [0, 2].
            public var swing: Double?

            public init() {}
        }

        public var coupling: Coupling?
        /// How far the natural frequencies lie apart, [0, 2]: 0 for all alike, 1 as they are given.
        public var spread: Double?
        /// How far the natural frequencies wander, as a share of themselves, [0, 0.5].
        public var drift: Double?

        public init() {}
    }

    /// One of the eight channels.
    public struct Channel: Codable, Sendable, Equatable {
        /// Hz, [0.001, 96000].
        public var frequency: Double?
        /// [0, 1].
        public var amplitude: Double?
        /// False to mute the channel.
        public var enabled: Bool?

        public init() {}
    }

    /// How pictures are dressed.
    public struct Dress: Codable, Sendable, Equatable {
        /// The ground in the middle and in the corners, as "#rrggbb".
        public var background: [String]?
        /// Of what belongs to no channel, as "#rrggbb".
        public var accent: String?
        /// The strength of the light, [0, 2].
        public var glow: Double?
        /// The length of trails, [0, 1].
        public var trails: Double?
        /// Whether names and numbers are written into the picture.
        public var labels: Bool?

        public init() {}
    }

    /// How the picture of the preset comes in.
    public struct Entrance: Codable, Sendable, Equatable {
        /// The name of a `Transition.Style`.
        public var style: String?
        /// s, [0, 5].
        public var seconds: Double?

        public init() {}
    }

    /// The version of the schema that the file was written for; 1 where it is left out.
    public var schemaVersion: Int?
    /// Letters, digits, spaces, '-' and '_'; at most 64.
    public var name: String
    /// One sentence for people who choose.
    public var description: String?
    /// Words to find it by, each of at most 32 characters.
    public var tags: [String]?
    /// The name of the scene to begin with.
    public var scene: String?
    /// How pictures are dressed.
    public var look: Dress?
    /// How the picture comes in.
    public var transition: Entrance?
    /// What the modulation starts with.
    public var phi: Phi?
    /// [0, 2].
    public var couplingStrength: Double?
    /// What the synthetic engine is like.
    public var engine: Engine?
    /// At most eight, from channel 0 on.
    public var channels: [Channel]?

    enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case name, description, tags, scene, look, transition, phi
        case couplingStrength = "coupling_strength"
        case engine, channels
    }

    /// A preset that says nothing but its name; nothing is checked.
    public init(name: String) {
        schemaVersion = Self.schemaVersion
        self.name = name
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

    /// How pictures are dressed; what the preset leaves out is the standard.
    public var resolvedLook: Look {
        var resolved = Look()
        if let background = look?.background, background.count == 2 {
            resolved.center = LinearColor(hex: background[0]) ?? resolved.center
            resolved.corner = LinearColor(hex: background[1]) ?? resolved.corner
        }
        resolved.accent = look?.accent.flatMap { LinearColor(hex: $0) } ?? resolved.accent
        resolved.glow = look?.glow ?? resolved.glow
        resolved.trails = look?.trails ?? resolved.trails
        resolved.hasLabels = look?.labels ?? resolved.hasLabels
        return resolved
    }

    /// How the picture comes in; what the preset leaves out is the standard.
    public var resolvedTransition: Transition {
        Transition(
            style: transition?.style.flatMap { Transition.Style(name: $0) } ?? Transition.standard.style,
            seconds: transition?.seconds ?? Transition.standard.seconds)
    }
}
