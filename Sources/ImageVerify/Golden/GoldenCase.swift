/// One picture that has to come out as its golden picture does.
public struct GoldenCase: Sendable, Equatable, Decodable {
    /// A picture that gives way to the one of the case.
    public struct Outgoing: Sendable, Equatable, Decodable {
        /// Its scene, and the preset that dresses it.
        public let scene: String
        public let preset: String?
        /// The style of the transition.
        public let style: String
        /// How far it has given way, [0, 1].
        public let progress: Double
    }

    /// Unique; letters, digits, '-', '_' and '.'; also the name of the golden picture's file.
    public let name: String
    public let scene: String
    /// Nil for the usual look and engine.
    public let preset: String?
    /// `synthetic`, `fixture:FILE` (a state as JSON) or `audio:FILE`; files are beside the manifest.
    public let engine: String
    /// What chance is drawn from, of a synthetic engine; 1 where it is left out.
    public let seed: UInt64?
    /// The moment, seconds since the engine began, ≥ 0.
    public let time: Double
    /// WIDTHxHEIGHT, pixels.
    public let size: String
    /// 0 … 5; 5 where it is left out.
    public let quality: Int?
    /// Whether the figures are drawn over the picture.
    public let hud: Bool?
    public let outgoing: Outgoing?
    /// The name of a tolerance of the manifest.
    public let tolerance: String
    /// Why the case is there.
    public let why: String
    /// Why it is known to fail; such a case is red when it passes.
    public let knownFailure: String?

    /// A picture of a running server.
    /// - Parameters:
    ///   - time: Seconds since its engine began.
    ///   - width: Pixels; so is `height`.
    public init(live name: String, scene: String, time: Double, width: Int, height: Int, quality: Int, why: String) {
        self.name = name
        self.scene = scene
        self.time = time
        self.quality = quality
        self.why = why
        size = "\(width)x\(height)"
        engine = "server"
        tolerance = "standard"
        preset = nil
        seed = nil
        hud = nil
        outgoing = nil
        knownFailure = nil
    }

    /// Pixels; nil where `size` cannot be read.
    public var pixels: (width: Int, height: Int)? {
        let parts = size.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard parts.count == 2, parts.allSatisfy({ (16...16_384).contains($0) }) else { return nil }
        return (parts[0], parts[1])
    }

    /// What is drawn, in a few words.
    public var input: String {
        let moment = "at \(time.formatted) s"
        return engine == "synthetic" ? "synthetic, seed \(seed ?? 1), \(moment)" : "\(engine), \(moment)"
    }
}

extension Double {
    /// Without a needless ".0".
    fileprivate var formatted: String { self == rounded() && abs(self) < 1e9 ? "\(Int(self))" : "\(self)" }
}
